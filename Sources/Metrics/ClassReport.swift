/// What the scores of one class are worth at every threshold, and as probabilities.
///
/// ```swift
/// let labelled = try LabelledScores(
///   scores: [[0.9], [0.6], [0.4], [0.2]], targets: [[1], [1], [0], [0]],
///   observed: [[true], [true], [true], [true]])
/// let report = try ClassReport(labelled, class: 0)
/// let recall = report.at(0.5).recall
/// ```
///
/// Only observed entries count.
public struct ClassReport: Sendable, Equatable {
  /// The decisions at a threshold.
  public struct Point: Sendable, Equatable {
    /// A score that reaches it is a positive decision.
    public let threshold: Float
    public let truePositives, falsePositives, falseNegatives, trueNegatives: Int

    private var confusion: Confusion {
      Confusion(
        truePositives: truePositives, falsePositives: falsePositives,
        falseNegatives: falseNegatives, trueNegatives: trueNegatives)
    }

    /// nil without a positive decision.
    public var precision: Double? { confusion.precision }
    /// nil without an observed positive.
    public var recall: Double? { confusion.recall }
    /// nil without an observed positive.
    public var f1: Double? { confusion.f1 }
  }

  /// Entries whose scores lie in one part of 0…1.
  public struct Bin: Sendable, Equatable, Codable {
    public let low, high: Double
    public let count: Int
    /// The mean score; nil for an empty bin.
    public let score: Double?
    /// The share of observed positives; nil for an empty bin.
    public let share: Double?
  }

  public let positives: Int
  public let negatives: Int
  /// One for every distinct score, highest first.
  public let points: [Point]
  /// Of equal width, lowest first. Scores beyond 0…1 are in the outer ones.
  public let bins: [Bin]
  /// The mean over entries of the distance between a bin's mean score and its share of positives;
  /// nil without an entry.
  public let calibrationError: Double?

  /// - Throws: `MetricError.nonFinite` if an observed score is not finite.
  public init(_ labelled: LabelledScores, class c: Int, bins count: Int = 10) throws(MetricError) {
    precondition(count > 0 && c >= 0 && c < labelled.classes, "a class, and one bin or more")
    var entries: [(score: Float, isPositive: Bool)] = []
    for clip in 0..<labelled.clips {
      let entry = clip * labelled.classes + c
      guard labelled.observed[entry] else { continue }
      guard labelled.scores[entry].isFinite else {
        throw .nonFinite(score: labelled.scores[entry], clip: clip, classIndex: c)
      }
      entries.append((labelled.scores[entry], labelled.targets[entry] >= 0.5))
    }
    let positives = entries.count { $0.isPositive }
    self.positives = positives
    negatives = entries.count - positives
    points = Self.points(entries.sorted { $0.score > $1.score }, positives: positives)
    let bins = Self.bins(entries, count)
    self.bins = bins
    calibrationError = Self.calibrationError(bins)
  }

  /// The decisions at any threshold.
  public func at(_ threshold: Float) -> Point {
    let last = points.last { $0.threshold >= threshold }
    return Point(
      threshold: threshold, truePositives: last?.truePositives ?? 0,
      falsePositives: last?.falsePositives ?? 0,
      falseNegatives: last?.falseNegatives ?? positives,
      trueNegatives: last?.trueNegatives ?? negatives)
  }

  /// The point with the highest F1, the highest threshold of equal ones; nil without an observed
  /// positive. It is the best in hindsight: on other clips it will do worse.
  public var best: Point? {
    points.filter { $0.f1 != nil }.max { ($0.f1 ?? 0) < ($1.f1 ?? 0) }
  }

  private static func points(
    _ sorted: [(score: Float, isPositive: Bool)], positives: Int
  ) -> [Point] {
    var points: [Point] = []
    var found = 0
    for (index, entry) in sorted.enumerated() {
      found += entry.isPositive ? 1 : 0
      let isLast = index + 1 == sorted.count || sorted[index + 1].score < entry.score
      guard isLast else { continue }
      let alarms = index + 1 - found
      points.append(
        Point(
          threshold: entry.score, truePositives: found, falsePositives: alarms,
          falseNegatives: positives - found,
          trueNegatives: sorted.count - positives - alarms))
    }
    return points
  }

  /// Nil without an entry.
  static func calibrationError(_ bins: [Bin]) -> Double? {
    let entries = bins.reduce(0) { $0 + $1.count }
    let distance = bins.reduce(0) { $0 + Double($1.count) * abs(($1.score ?? 0) - ($1.share ?? 0)) }
    return entries == 0 ? nil : distance / Double(entries)
  }

  static func bins(_ entries: [(score: Float, isPositive: Bool)], _ count: Int) -> [Bin] {
    var sums = [(count: Int, score: Double, positives: Int)](repeating: (0, 0, 0), count: count)
    for entry in entries {
      let score = min(max(Double(entry.score), 0), 1)
      let bin = min(Int(score * Double(count)), count - 1)
      sums[bin].count += 1
      sums[bin].score += Double(entry.score)
      sums[bin].positives += entry.isPositive ? 1 : 0
    }
    return sums.enumerated().map { i, sum in
      let isEmpty = sum.count == 0
      return Bin(
        low: Double(i) / Double(count), high: Double(i + 1) / Double(count), count: sum.count,
        score: isEmpty ? nil : sum.score / Double(sum.count),
        share: isEmpty ? nil : Double(sum.positives) / Double(sum.count))
    }
  }
}
