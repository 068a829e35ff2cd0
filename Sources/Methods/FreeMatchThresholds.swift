// FreeMatch: thresholds that follow the network's own confidence, and a term against predicting few
// classes.
import Autograd

/// The thresholds of K exclusive classes. The overall threshold τ is a moving average of the mean
/// confidence; a class's threshold is τ times its mean probability, relative to the largest one.
/// All averages are updated before they are used.
/// Paper: Wang et al. 2023, arXiv:2205.07246, "FreeMatch".
public struct FreeMatchThresholds: Sendable, Equatable {
  /// τ; it starts at 1/K.
  public private(set) var level: Double
  /// The moving average of the probabilities, [K]; it starts uniform.
  public private(set) var means: [Double]
  /// The moving average of the shares of the predicted classes, [K]; it starts uniform.
  public private(set) var shares: [Double]
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
    shares = means
    (self.momentum, self.quantile, self.isLimited) = (momentum, quantile, isLimited)
  }

  /// Restores saved averages.
  init(level: Double, means: [Double], shares: [Double], momentum: Double) {
    self.init(classes: means.count, momentum: momentum)
    (self.level, self.means, self.shares) = (level, means, shares)
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
    level = follow(level, confidence)
    if isLimited { level = min(max(level, 0), 0.95) }
    let predicted = rows.map(Self.best)
    for k in means.indices {
      means[k] = follow(means[k], Self.mean(rows.map { $0[k] }))
      shares[k] = follow(shares[k], Double(predicted.count { $0 == k }) / Double(rows.count))
    }
  }

  private func follow(_ average: Double, _ value: Double) -> Double {
    (momentum * average + (1 - momentum) * value).asSaved
  }

  /// Whether the most probable class of a row reaches its threshold.
  public func isSure(_ row: [Double]) -> Bool {
    guard !row.isEmpty else { return false }
    let best = Self.best(row)
    return row[best] >= thresholds[best]
  }

  /// The most probable class.
  private static func best(_ row: [Double]) -> Int {
    row.indices.max { row[$0] < row[$1] } ?? 0
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

// MARK: fairness

extension FreeMatchThresholds {
  /// The fairness term Σ u·ln v of the harsh look at the sure rows, a scalar: minus the
  /// cross-entropy of v under u. u is ``means`` divided by ``shares``, and v the mean of the
  /// probabilities divided by the share of the rows in which the class is the most probable one;
  /// both are scaled to a sum of 1. Minimising it moves the mean prediction away from u where the
  /// network predicts some classes too often.
  ///
  /// A class that is predicted in no row has v = 0: it adds the constant −27.6·u without a
  /// gradient, as in the authors' code.
  /// Paper: Wang et al. 2023, arXiv:2205.07246, equation 11.
  ///
  /// - Parameters:
  ///   - probabilities: Those of the harsh look, [B, K].
  ///   - rows: The rows that are sure.
  /// - Returns: nil without a sure row.
  public func fairness(of probabilities: Tensor, in rows: [Int]) -> Tensor? {
    guard !rows.isEmpty else { return nil }
    let classes = means.count
    let values = probabilities.values
    var counts = [Double](repeating: 0, count: classes)
    var weights = [Float](repeating: 0, count: probabilities.shape[0])
    for row in rows {
      counts[Self.best(values[row * classes..<(row + 1) * classes].map { Double($0) })] += 1
      weights[row] = 1 / Float(rows.count)
    }
    let mean = (probabilities * Tensor(weights, [weights.count, 1])).sum([0])
    let scales = counts.map { $0 > 0 ? Float(Double(rows.count) / $0) : 0 }
    let scaled = mean * Tensor(scales, [classes])
    let v = scaled / scaled.sum()
    return ((v + 1e-12).log() * Tensor(target.map { Float($0) }, [classes])).sum()
  }

  /// u, [K].
  private var target: [Double] {
    let scaled = zip(means, shares).map { $1 > 0 ? $0 / $1 : 0 }
    let total = scaled.reduce(0, +)
    return scaled.map { $0 / total }
  }
}

extension Double {
  /// The value in single precision, as checkpoints keep it: so that a resumed training goes on with
  /// exactly the numbers that it had.
  var asSaved: Double { Double(Float(self)) }
}
