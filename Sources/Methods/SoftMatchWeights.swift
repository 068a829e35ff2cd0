// SoftMatch: every pseudo-label counts, the less the network is sure of it.
import Foundation

/// The weights of pseudo-labels of K exclusive classes. Probabilities are first aligned: they are
/// scaled so that their mean is the expected distribution. The weight of a row falls with its
/// confidence like a Gaussian below the mean confidence μ; above μ it is 1. μ and the variance are
/// moving averages, which are updated before they are used.
/// Paper: Chen et al. 2023, arXiv:2301.10921, "SoftMatch".
public struct SoftMatchWeights: Sendable, Equatable {
  /// μ and the variance: one value, or one per class. They start at 1/K and 1.
  public private(set) var mean, variance: [Double]
  /// The moving average of the probabilities, [K]; nil before the first update.
  public private(set) var means: [Double]?
  private let expected: [Double]
  private let momentum: Double
  private let isPerClass: Bool
  /// The authors' n_σ: the Gaussian is so many times narrower.
  private static let narrowing = 2.0
  private static let epsilon = 1e-6

  /// Weights for an expected distribution of the K classes, whose averages keep `momentum` of
  /// themselves in a step. `isPerClass`: μ and the variance of each predicted class.
  public init(expected: [Double], momentum: Double, isPerClass: Bool = false) {
    let count = isPerClass ? expected.count : 1
    mean = [Double](repeating: 1 / Double(expected.count), count: count)
    variance = [Double](repeating: 1, count: count)
    (self.expected, self.momentum, self.isPerClass) = (expected, momentum, isPerClass)
  }

  /// Restores saved averages of weights that are not per class.
  mutating func restore(mean: Double, variance: Double, means: [Double]?) {
    (self.mean, self.variance, self.means) = ([mean], [variance], means)
  }

  /// Updates the averages with B rows of K probabilities, and returns the weights of the rows.
  public mutating func update(_ rows: [[Double]]) -> [Double] {
    guard !rows.isEmpty else { return [] }
    align(with: rows)
    let aligned = rows.map(aligned)
    let best = aligned.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
    let confidences = zip(aligned, best).map { $0[$1] }
    for group in mean.indices {
      let own = zip(confidences, best).filter { !isPerClass || $0.1 == group }.map(\.0)
      let (center, spread) = Self.moments(own, isPerClass: isPerClass)
      mean[group] = (momentum * mean[group] + (1 - momentum) * center).asSaved
      variance[group] = (momentum * variance[group] + (1 - momentum) * spread).asSaved
    }
    return zip(confidences, best).map { confidence, best in
      let group = isPerClass ? best : 0
      let below = min(confidence - mean[group], 0)
      let width = 2 * variance[group] / (Self.narrowing * Self.narrowing)
      return below == 0 ? 1 : exp(-below * below / width)
    }
  }

  /// The aligned probabilities of a row.
  public func aligned(_ row: [Double]) -> [Double] {
    guard let means else { return row }
    let scaled = row.indices.map {
      row[$0] * (expected[$0] + Self.epsilon) / (means[$0] + Self.epsilon)
    }
    let total = scaled.reduce(0, +)
    return scaled.map { $0 / total }
  }

  private mutating func align(with rows: [[Double]]) {
    let current = expected.indices.map { k in
      (rows.map { $0[k] }.reduce(0, +) / Double(rows.count)).asSaved
    }
    guard let former = means else {
      means = current
      return
    }
    means = zip(former, current).map { (momentum * $0 + (1 - momentum) * $1).asSaved }
  }

  /// Mean and unbiased variance. A class with fewer than two rows counts as 0 and 1.
  private static func moments(_ values: [Double], isPerClass: Bool) -> (Double, Double) {
    guard values.count > 1 else { return (isPerClass ? 0 : values.first ?? 0, 1) }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
    return (mean, squares / Double(values.count - 1))
  }
}
