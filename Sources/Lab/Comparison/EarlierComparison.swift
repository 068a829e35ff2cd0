// What a comparison predicted, kept beside it: the next one, with more labels, says what they
// bought.
import Formats
import Foundation
import Metrics

/// Out-of-fold predictions of a finished comparison, and the labels that it had.
public struct EarlierComparison: Codable, Sendable, Equatable {
  /// Of the last comparison; becomes `beforeName` when another one begins with more labels.
  static let fileName = "predictions.json"
  static let beforeName = "before.json"
  /// Numbers that are kept at most; the methods with the best scores come first.
  static let most = 1_000_000

  public struct Row: Codable, Sendable, Equatable {
    public let name: String
    public let title: String
    /// [clips, classes], row-major.
    public let scores: [Float]
  }

  /// Observed labels and answers of a person, in all clips.
  public let labels: Int
  public let classes: [String]
  /// A clip occurs once for each time that it was tested.
  public let clips: [String]
  /// The best first.
  public let rows: [Row]

  package init(labels: Int, classes: [String], clips: [String], rows: [Row]) {
    (self.labels, self.classes, self.clips, self.rows) = (labels, classes, clips, rows)
  }

  /// `verdict`: on the same comparison. nil without a score.
  init?(_ comparison: Comparison, _ verdict: Verdict) {
    guard let labels = comparison.facts.labels, let first = comparison.rows.first else {
      return nil
    }
    let size = max(1, first.clips.count * comparison.classes.count)
    let best = verdict.rows.compactMap { found in
      comparison.rows.first { $0.name == found.name }
    }
    guard !best.isEmpty else { return nil }
    self.init(
      labels: labels, classes: comparison.classes, clips: first.clips,
      rows: best.prefix(max(1, Self.most / size)).map {
        Row(name: $0.name, title: $0.title, scores: $0.labelled.scores)
      })
  }

  // MARK: files

  /// Nil without the file. Throws `Problem` where it cannot be understood.
  private static func read(_ file: URL) throws -> EarlierComparison? {
    guard let data = try StoredFile.bytes(file) else { return nil }
    guard let found = try? JSONDecoder().decode(EarlierComparison.self, from: data),
      found.rows.allSatisfy({ $0.scores.count == found.clips.count * found.classes.count })
    else {
      throw Problem(file.fromHere, "not the predictions of a comparison; expected them, or no file")
    }
    return found
  }

  /// The comparison before the one in this folder.
  static func before(in folder: URL) throws -> EarlierComparison? {
    try read(folder.appendingPathComponent(beforeName))
  }

  func write(_ folder: URL) throws {
    try AtomicFile.write(
      try JSONEncoder().encode(self), to: folder.appendingPathComponent(Self.fileName))
  }

  /// Another comparison begins, with so many labels: the last one is kept if it had fewer.
  static func beginAnother(in folder: URL, labels: Int) throws {
    guard let last = try read(folder.appendingPathComponent(fileName)), last.labels < labels else {
      return
    }
    let encoded = try JSONEncoder().encode(last)
    try AtomicFile.write(encoded, to: folder.appendingPathComponent(beforeName))
  }
}

/// What labels bought that were added since the last comparison: the same method before and after,
/// on the same clips.
public struct LabelPurchase: Codable, Sendable, Equatable {
  /// Labels that were added.
  public let labels: Int
  /// The method's name for people.
  public let method: String
  public let metric: Metric
  /// The score then and now.
  public let from, to: Double
  /// Of the difference, paired by groups of clips; nil where it is undefined.
  public let interval: ScoreRange?
  /// Clips that both comparisons tested.
  public let clips: Int

  public var difference: Double { to - from }

  /// nil where no labels were added, or no method was tested on the same clips. `order`: names of
  /// methods, the best first. Throws `MetricError` where a score is not finite.
  init?(
    _ earlier: EarlierComparison, _ comparison: Comparison, order: [String], seed: UInt64
  ) throws {
    guard let now = comparison.facts.labels, now > earlier.labels,
      earlier.classes == comparison.classes,
      let name = order.first(where: { name in earlier.rows.contains { $0.name == name } }),
      let before = earlier.rows.first(where: { $0.name == name }),
      let after = comparison.rows.first(where: { $0.name == name }),
      let pair = try PairedRows(earlier.clips, before.scores, after)
    else { return nil }
    let decisions = try GroupedDecisions([pair.before, pair.after], groups: pair.groups)
    let bootstrap = GroupBootstrap(decisions, draws: 1000, level: Verdict.level, seed: seed)
    guard let from = bootstrap.value(of: 0), let to = bootstrap.value(of: 1) else { return nil }
    (labels, method, metric) = (now - earlier.labels, after.title, decisions.metric)
    (self.from, self.to) = (from, to)
    interval = bootstrap.difference(1, 0).map(ScoreRange.init)
    clips = pair.clips
  }

  /// One sentence.
  var words: String {
    func two(_ value: Double) -> String { String(format: "%.2f", value) }
    func signed(_ value: Double) -> String { String(format: "%+.2f", value) }
    let name = metric == .accuracy ? "accuracy" : "F1"
    let start =
      "Since the last comparison \(labels) \(labels == 1 ? "label was" : "labels were") added: "
      + "\(name) of \(method) \(two(from)) to \(two(to))"
    guard let interval else { return "\(start)." }
    let range = "\(signed(interval.low)) to \(signed(interval.high))"
    if interval.low > 0 { return "\(start), gain \(range)." }
    return interval.high < 0
      ? "\(start), loss \(range)." : "\(start); a difference does not show (\(range))."
  }
}

/// Predictions of the same clips by two trainings, with the labels of the later one.
private struct PairedRows {
  let before, after: LabelledScores
  let groups: [String]
  let clips: Int

  /// nil without a common clip.
  init?(_ earlier: [String], _ scores: [Float], _ now: OutOfFoldPredictions) throws {
    let width = now.labelled.classes
    let places = Dictionary(
      zip(Self.tested(earlier), earlier.indices), uniquingKeysWith: { first, _ in first })
    let common = zip(Self.tested(now.clips), now.clips.indices).compactMap { test, row in
      places[test].map { (before: $0, after: row) }
    }
    guard !common.isEmpty else { return nil }
    func rows<Value>(_ values: [Value], _ chosen: [Int]) -> [Value] {
      chosen.flatMap { values[$0 * width..<($0 + 1) * width] }
    }
    let after = common.map(\.after)
    func labelled(_ scores: [Float]) throws -> LabelledScores {
      try LabelledScores(
        scores: scores, targets: rows(now.labelled.targets, after),
        observed: rows(now.labelled.observed, after), classes: width,
        isSingleLabel: now.labelled.isSingleLabel)
    }
    before = try labelled(rows(scores, common.map(\.before)))
    self.after = try labelled(rows(now.labelled.scores, after))
    groups = after.map { now.groups[$0] }
    clips = Set(after.map { now.clips[$0] }).count
  }

  private struct Test: Hashable {
    let clip: String
    let time: Int
  }

  /// The first test of a clip, its second one, and so on.
  private static func tested(_ clips: [String]) -> [Test] {
    var times: [String: Int] = [:]
    return clips.map { clip in
      times[clip, default: 0] += 1
      return Test(clip: clip, time: times[clip] ?? 1)
    }
  }
}
