// The verdict as JSON: what `--json` prints and `compare.json` holds.
import Foundation
import Metrics

extension Verdict {
  /// `{"verdict":{"best":…,"indistinguishable":[…],"tooLittle":[…],…},"rows":[{"method":…,
  /// "scores":{"f1-macro-both":{"value":…,"interval":[…]},…},…}],"classes":[…],"curve":…,…}`.
  /// Keys are sorted. A value that is undefined is absent.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return try encoder.encode(document)
  }

  private var document: Document {
    Document(
      verdict: Conclusion(self), rows: rows.map { Row($0, metric) },
      classes: findings.map(ClassEntry.init), curve: curve.map { Curve($0, curveSentences) },
      bought: bought.map(Purchase.init), data: DataEntry(self), next: next, notes: notes)
  }

  private struct Document: Encodable {
    let verdict: Conclusion
    let rows: [Row]
    let classes: [ClassEntry]
    let curve: Curve?
    let bought: Purchase?
    let data: DataEntry
    let next: [NextStep]
    let notes: [String]
  }

  private struct Conclusion: Encodable {
    let best: String?
    let indistinguishable, tooLittle, sentences: [String]
    /// Names of methods, the best group first.
    let groups: [[String]]
    let metric: String
    let level: Double
    let comparisons: Int
    let smallestDifference: Double?
    let baseline: Baseline?

    init(_ verdict: Verdict) {
      best = verdict.best?.name
      indistinguishable = verdict.indistinguishable.map(\.name)
      tooLittle = verdict.tooLittle
      sentences = [verdict.headline] + verdict.sentences
      groups = Dictionary(grouping: verdict.rows, by: \.group).sorted { $0.key < $1.key }
        .map { $0.value.map(\.name) }
      (metric, level) = (verdict.metric.rawValue, Verdict.level)
      (comparisons, baseline) = (verdict.comparisons, verdict.baseline)
      smallestDifference = verdict.smallestDifference
    }
  }

  private struct Row: Encodable {
    struct Score: Encodable {
      let value: Double
      var interval: ScoreRange?
    }

    let method, title, group, words: String
    let scores: [String: Score]
    let trainingSeconds: Double
    let versusBest: MethodComparison?

    init(_ row: MethodVerdict, _ metric: Metric) {
      (method, title, group, words) = (row.name, row.title, row.letter, row.words)
      var scores = [metric.rawValue: Score(value: row.score, interval: row.interval)]
      scores[Metric.apMacro.rawValue] = row.averagePrecision.map { Score(value: $0) }
      self.scores = scores
      (trainingSeconds, versusBest) = (row.seconds, row.versusBest)
    }
  }

  private struct ClassEntry: Encodable {
    let name: String
    let positives, negatives: Int
    let f1: Double?
    let interval: ScoreRange?
    let certainty: ClassFinding.Certainty
    let confusedWith: String?
    let positivesToHalve: Int?
    let words: String

    init(_ finding: ClassFinding) {
      (name, words) = (finding.name, finding.words)
      (positives, negatives) = (finding.positives, finding.negatives)
      (f1, interval, certainty) = (finding.f1, finding.interval, finding.certainty)
      (confusedWith, positivesToHalve) = (finding.confusedWith, finding.positivesToHalve)
    }
  }

  private struct Curve: Encodable {
    let method, metric, assumption: String
    let basis: LearningCurve.Basis?
    let points: [LearningCurve.Point]
    let forecast: LabelForecast?
    let classes: [LabelForecast]
    let sentences: [String]

    init(_ curve: LearningCurve, _ sentences: [String]) {
      (method, metric) = (curve.method, curve.metric.rawValue)
      (assumption, basis) = (LearningCurve.assumption, curve.basis)
      (points, forecast, classes) = (curve.points, curve.forecast, curve.classes)
      self.sentences = sentences
    }
  }

  private struct Purchase: Encodable {
    let labels, clips: Int
    let method, metric, words: String
    let from, to, difference: Double
    let interval: ScoreRange?

    init(_ bought: LabelPurchase) {
      (labels, clips, method) = (bought.labels, bought.clips, bought.method)
      (metric, words) = (bought.metric.rawValue, bought.words)
      (from, to, difference) = (bought.from, bought.to, bought.difference)
      interval = bought.interval
    }
  }

  private struct DataEntry: Encodable {
    let name: String
    let files, clips, groups, classes, foldsTested, folds, testedClips, testedGroups: Int
    let observed, seconds: Double
    let labels, answers: Int?
    let problems: [String]

    init(_ verdict: Verdict) {
      let facts = verdict.facts
      (name, files, clips, groups) = (facts.name, facts.files, facts.clips, facts.groups)
      (classes, foldsTested, folds) = (verdict.classes.count, facts.foldsTested, facts.folds)
      (testedClips, testedGroups) = (verdict.testedClips, verdict.testedGroups)
      (observed, seconds, problems) = (facts.observed, facts.seconds, facts.problems)
      (labels, answers) = (facts.labels, facts.answers)
    }
  }
}
