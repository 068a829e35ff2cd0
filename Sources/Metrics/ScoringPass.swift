/// The computation of `score`: one pass over the classes.
struct ScoringPass {
  private let labelled: LabelledScores
  /// `[clips, classes]`; those of `f1-instance` may be others.
  private let decisions, instanceDecisions: [Bool]
  private var perClass: [ClassScores] = []
  private var pooled: Ranking
  private var total = Confusion()
  private var ofClip: [Confusion]

  init(_ labelled: LabelledScores, decisions: [Bool], instanceDecisions: [Bool]) {
    self.labelled = labelled
    self.decisions = decisions
    self.instanceDecisions = instanceDecisions
    pooled = Ranking(capacity: labelled.scored)
    ofClip = Array(repeating: Confusion(), count: labelled.clips)
  }

  mutating func scoreClass(_ classIndex: Int) throws(MetricError) {
    var ranking = Ranking(capacity: labelled.clips)
    var confusion = Confusion()
    for clip in 0..<labelled.clips {
      let entry = clip * labelled.classes + classIndex
      guard labelled.observed[entry] else { continue }
      let score = labelled.scores[entry]
      guard score.isFinite else {
        throw .nonFinite(score: score, clip: clip, classIndex: classIndex)
      }
      let positive = labelled.targets[entry] >= 0.5
      ranking.append(score, positive: positive)
      pooled.append(score, positive: positive)
      confusion.count(decision: decisions[entry], positive: positive)
      ofClip[clip].count(decision: instanceDecisions[entry], positive: positive)
    }
    ranking.sort()
    total += confusion
    perClass.append(ClassScores(ranking, confusion))
  }

  mutating func finish() throws(MetricError) -> Scores {
    pooled.sort()
    var values: [Metric: Double] = [:]
    var averaged: [Metric: Int] = [:]
    for (metric, parts) in means() {
      let defined = parts.compactMap { $0 }
      guard !defined.isEmpty else { continue }
      values[metric] = defined.reduce(0, +) / Double(defined.count)
      averaged[metric] = defined.count
    }
    values[.f1Micro] = total.f1
    let areas = RankingAreas(pooled)
    values[.apMicro] = areas.averagePrecision
    values[.auprcMicro] = areas.precisionRecall
    values[.dcaseF1] = total.positives > 0 ? total.f1WhereAnything ?? 0 : nil
    let defined = perClass.count { $0.positives > 0 }
    for metric in [Metric.f1Micro, .apMicro, .auprcMicro, .dcaseF1] where values[metric] != nil {
      averaged[metric] = defined
    }
    if let groups = labelled.groups {
      values[.sonycAUPRC] = try score(labelled, by: groups).macroAUPRC
      averaged[.sonycAUPRC] = groups.groups.count
    }
    return Scores(
      values: values, averaged: averaged, perClass: perClass, microPrecision: total.precision,
      microRecall: total.recall, scored: labelled.scored, entries: labelled.entries)
  }

  /// The values that each mean runs over.
  private func means() -> [(Metric, [Double?])] {
    [
      (.f1Macro, perClass.map(\.f1)), (.f1MacroBoth, perClass.map(\.f1Both)),
      (.apMacro, perClass.map(\.ap)), (.auprcMacro, perClass.map(\.auprc)),
      (.rocAUCMacro, perClass.map(\.rocAUC)), (.f1Instance, ofClip.map(\.f1WhereAnything)),
      (.accuracy, labelled.isSingleLabel ? correctness() : []),
    ]
  }

  /// For each clip: 1 if the highest-scored class is the observed positive, otherwise 0; nil
  /// without an observed positive. The first of tied classes counts as the highest.
  private func correctness() -> [Double?] {
    (0..<labelled.clips).map { clip in
      let row = clip * labelled.classes..<(clip + 1) * labelled.classes
      guard row.contains(where: { labelled.observed[$0] && labelled.targets[$0] >= 0.5 })
      else { return nil }
      var best = row.lowerBound
      for entry in row where labelled.scores[entry] > labelled.scores[best] { best = entry }
      return labelled.observed[best] && labelled.targets[best] >= 0.5 ? 1 : 0
    }
  }
}

extension ClassScores {
  /// `ranking` is sorted. It and `confusion` hold the same entries.
  fileprivate init(_ ranking: Ranking, _ confusion: Confusion) {
    let areas = RankingAreas(ranking)
    self.init(
      ap: areas.averagePrecision, auprc: areas.precisionRecall, rocAUC: areas.roc,
      precision: confusion.precision, recall: confusion.recall, f1: confusion.f1,
      f1Negative: confusion.f1Negative, observed: confusion.positives + confusion.negatives,
      positives: confusion.positives)
  }
}
