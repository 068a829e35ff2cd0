// Scores networks on a split, one batch at a time, so that a pause or a stop need not wait.
import Autograd
import Datasets
import Formats
import Foundation
import Layers
import Methods
import Metrics

/// Used on the trainer's queue, or by one caller.
final class Evaluation {
  struct Result {
    let end: EvalEnd
    /// `[clips, classes]`, row-major.
    let probabilities: [Float]
  }

  enum Progress {
    case started(EvalStart)
    case working
    case ended(EvalEnd)
  }

  let split: Split
  private(set) var results: [Result] = []
  private let data: any SplitData
  private let classes: [String]
  private let isSingleLabel: Bool
  private let batchSize: Int
  private let threshold: Float
  private var waiting: [ScoredNetwork]
  private var probabilities: [Float] = []
  private var cursor: Int?
  private var seconds = 0.0

  init(
    _ split: Split, _ data: any SplitData, classes: [String], isSingleLabel: Bool, batchSize: Int,
    threshold: Double, candidates: [ScoredNetwork]
  ) {
    self.split = split
    self.data = data
    self.classes = classes
    self.isSingleLabel = isSingleLabel
    self.batchSize = batchSize
    self.threshold = Float(threshold)
    waiting = candidates
  }

  convenience init(_ split: Split, of plan: TrainingPlan, candidates: [ScoredNetwork]) {
    self.init(
      split, plan.data(split), classes: plan.classes, isSingleLabel: plan.isSingleLabel,
      batchSize: plan.batchSize, threshold: plan.threshold, candidates: candidates)
  }

  var isFinished: Bool { waiting.isEmpty }

  /// Scores all candidates.
  func finish() throws { while !isFinished { _ = try advance() } }

  /// Scores the next batch. Throws `Divergence` if a probability is not finite.
  func advance() throws -> Progress {
    guard let candidate = waiting.first else { return .working }
    guard let start = cursor else {
      cursor = 0
      return .started(EvalStart(split: split.rawValue, model: candidate.name))
    }
    let begin = DispatchTime.now()
    let end = min(start + batchSize, data.clips.count)
    probabilities += data.probabilities(of: candidate.classifier, at: Array(start..<end))
    cursor = end
    let result = end < data.clips.count ? nil : try scored(candidate.name)
    seconds += begin.seconds
    guard var result else { return .working }
    result.seconds = seconds
    results.append(Result(end: result, probabilities: probabilities))
    waiting.removeFirst()
    (probabilities, cursor, seconds) = ([], nil, 0)
    return .ended(result)
  }

  private func scored(_ model: String) throws -> EvalEnd {
    let labels = data.clips.flatMap(\.labels)
    do {
      let labelled = try self.labelled(probabilities, labels)
      let scores = try score(labelled, threshold: threshold)
      var end = EvalEnd(scores, split: split.rawValue, model: model, classes: classes)
      end.loss = loss(labels)
      end.bounds = WorstCaseBounds(labelled, threshold: threshold)?.bounds
      return end
    } catch let error {
      throw Divergence(tensor: "\(model) probabilities", what: "cannot be scored (\(error))")
    }
  }
}

extension Evaluation {
  /// Probabilities and labels of a scored network.
  func labelled(_ result: Result) throws(MetricError) -> LabelledScores {
    try labelled(result.probabilities, data.clips.flatMap(\.labels))
  }

  private func labelled(
    _ probabilities: [Float], _ labels: [Float?]
  ) throws(MetricError) -> LabelledScores {
    try LabelledScores(
      scores: probabilities, targets: labels.map { $0 ?? 0 }, observed: labels.map { $0 != nil },
      classes: classes.count, isSingleLabel: isSingleLabel)
  }

  /// Adds 95 % bootstrap intervals over `draws` samples of the split's groups of clips, or of its
  /// clips if each is by itself. `progress`: called with the samples done; `false` throws
  /// `CancellationError`.
  func addIntervals(
    to end: inout EvalEnd, _ result: Result, draws: Int,
    progress: (@Sendable (Int) -> Bool)? = nil
  ) throws {
    let groups = data.clips.grouped
    let found = try Bootstrap(
      try labelled(result), groups: groups, draws: draws,
      threshold: threshold, progress: progress)
    end.groups = groups?.count
    end.intervals = Dictionary(
      uniqueKeysWithValues: found.intervals.map { metric, interval in
        (
          metric.rawValue,
          ScoreInterval(low: interval.low, high: interval.high, draws: interval.draws)
        )
      })
  }

  /// The number of samples for the intervals of a test: a thousand, fewer where they would take
  /// longer than some seconds, and none where two hundred would.
  static func draws(entries: Int) -> Int {
    entries > 500_000 ? 0 : max(200, min(1000, 20_000_000 / max(1, entries)))
  }

  /// −[y ln p + (1 − y) ln(1 − p)], logs from −100 up, mean over observed entries.
  private func loss(_ labels: [Float?]) -> Double? {
    let parts = zip(probabilities, labels).compactMap { p, label -> Double? in
      guard let y = label else { return nil }
      return -Double(y * max(log(p), -100) + (1 - y) * max(log(1 - p), -100))
    }
    return parts.isEmpty ? nil : parts.reduce(0, +) / Double(parts.count)
  }
}

extension [Clip] {
  /// The indices of the clips of each group, in the order of their first clips; nil if each clip is
  /// by itself.
  fileprivate var grouped: [[Int]]? {
    var places: [String: Int] = [:]
    var groups: [[Int]] = []
    for (index, clip) in enumerated() {
      let name = clip.group ?? clip.id
      if let place = places[name] {
        groups[place].append(index)
      } else {
        places[name] = groups.count
        groups.append([index])
      }
    }
    return groups.count < count ? groups : nil
  }
}

extension EvalEnd {
  init(_ scores: Scores, split: String, model: String, classes: [String]) {
    self.init(
      split: split, model: model, seconds: 0,
      metrics: Dictionary(uniqueKeysWithValues: scores.values.map { ($0.key.rawValue, $0.value) }),
      perClass: zip(classes, scores.perClass).map { name, score in
        ClassScore(
          name: name, ap: score.ap, rocAUC: score.rocAUC, precision: score.precision,
          recall: score.recall, f1: score.f1, f1Both: score.f1Both, observed: score.observed,
          positives: score.positives)
      }, scored: scores.scored, entries: scores.entries)
  }
}

extension Evaluation {
  /// Writes the probabilities `[clips, classes]` of a network, or of the first one where it was not
  /// scored, and the clips' ids.
  func writePredictions(of network: NetworkName, to folder: RunFolder) throws {
    let scored = results.first { $0.end.model == network.rawValue } ?? results.first
    guard let scored else { return }
    try NPY.write(
      scored.probabilities, shape: [data.clips.count, classes.count], to: folder.predictions)
    let rows = ["clip"] + data.clips.map { CSVText.quoted($0.id) }
    try AtomicFile.write(Data((rows.joined(separator: "\n") + "\n").utf8), to: folder.clips)
  }
}

extension SplitData {
  /// Predictions of these networks for some clips, network by network.
  func predictions(of networks: [ScoredNetwork], at indices: [Int]) -> [ClipPrediction] {
    networks.flatMap { network in
      let values = probabilities(of: network.classifier, at: indices)
      let width = values.count / max(indices.count, 1)
      return indices.enumerated().map { row, index in
        ClipPrediction(
          clip: clips[index].id, model: network.name,
          probs: Array(values[row * width..<(row + 1) * width]), labels: clips[index].letters)
      }
    }
  }
}

extension WorstCaseBounds {
  /// By metric id, as an event carries it.
  fileprivate var bounds: [String: [Double]] {
    Dictionary(
      uniqueKeysWithValues: ranges.map { metric, range in
        (metric.rawValue, [range.lowerBound, range.upperBound])
      })
  }
}

extension DispatchTime {
  /// Seconds since this moment.
  var seconds: Double { Double(DispatchTime.now().uptimeNanoseconds - uptimeNanoseconds) * 1e-9 }
}
