// FreeMatch: thresholds that follow the network's own confidence.

/// The thresholds of K exclusive classes. The overall threshold τ is a moving average of the mean
/// confidence; a class's threshold is τ times its mean probability, relative to the largest one.
/// All averages are updated before they are used.
/// Paper: Wang et al. 2023, arXiv:2205.07246, "FreeMatch".
/// Differs: without the paper's fairness term, which is not defined for clips with several labels.
public struct FreeMatchThresholds: Sendable, Equatable {
  /// τ; it starts at 1/K.
  public private(set) var level: Double
  /// The moving average of the probabilities, [K]; it starts uniform.
  public private(set) var means: [Double]
  private let momentum: Double
  private let quantile: Double?
  private let isLimited: Bool

  /// Thresholds whose averages keep `momentum` of themselves in a step. τ follows the mean
  /// confidence or, if given, a quantile of it; `isLimited` keeps it at 0.95 or below.
  public init(
    classes: Int, momentum: Double, quantile: Double? = nil, isLimited: Bool = false
  ) {
    level = 1 / Double(classes)
    means = [Double](repeating: 1 / Double(classes), count: classes)
    (self.momentum, self.quantile, self.isLimited) = (momentum, quantile, isLimited)
  }

  /// Restores saved averages.
  init(level: Double, means: [Double], momentum: Double) {
    self.init(classes: means.count, momentum: momentum)
    (self.level, self.means) = (level, means)
  }

  /// The thresholds of the K classes.
  public var thresholds: [Double] {
    let largest = means.max() ?? 1
    return means.map { level * $0 / largest }
  }

  /// Updates the averages with B rows of K probabilities. Does nothing without rows.
  public mutating func update(_ rows: [[Double]]) {
    guard !rows.isEmpty else { return }
    let confidences = rows.map { $0.max() ?? 0 }
    let confidence = quantile.map { Self.quantile($0, of: confidences) } ?? Self.mean(confidences)
    level = (momentum * level + (1 - momentum) * confidence).asSaved
    if isLimited { level = min(max(level, 0), 0.95) }
    for k in means.indices {
      means[k] =
        (momentum * means[k] + (1 - momentum) * Self.mean(rows.map { $0[k] })).asSaved
    }
  }

  /// Whether the most probable class of a row reaches its threshold.
  public func isSure(_ row: [Double]) -> Bool {
    guard let best = row.indices.max(by: { row[$0] < row[$1] }) else { return false }
    return row[best] >= thresholds[best]
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  /// A quantile by linear interpolation between order statistics.
  private static func quantile(_ share: Double, of values: [Double]) -> Double {
    let sorted = values.sorted(), place = share * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }
}

extension Double {
  /// The value in single precision, as checkpoints keep it: so that a resumed training goes on with
  /// exactly the numbers that it had.
  var asSaved: Double { Double(Float(self)) }
}
