// CAP: as many pseudo-labels of each class as its share of positives among the labels.
import Foundation

/// The thresholds of one class's pseudo-labels, from the scores of clips without a label: the
/// highest scores are positives, as large a share of them as of the observed labels.
/// Paper: Xie et al. 2023, arXiv:2305.02795, "CAP".
public struct ClassAwareThresholds: Sendable, Equatable {
  /// The lowest score of a positive pseudo-label.
  public let label: Double
  /// A pseudo-label counts from this score upwards, and up to `negative`.
  public let positive: Double
  /// The highest score of a negative pseudo-label that counts.
  public let negative: Double

  /// The thresholds for N scores.
  ///
  /// - Parameters:
  ///   - scores: Predicted probabilities, in any order; at least one.
  ///   - shares: The share of positives and that of negatives among the observed labels.
  ///   - kept: The part of the positive and of the negative pseudo-labels that counts.
  ///   - isLiteral: Whether a class with less than one expected clip gets every score as a
  ///     positive, as in the authors' code. Otherwise it gets none.
  public init(
    scores: [Double], shares: (positive: Double, negative: Double),
    kept: (positive: Double, negative: Double) = (1, 0.998), isLiteral: Bool = false
  ) {
    let ascending = scores.sorted(), count = Double(scores.count)
    func threshold(_ expected: Double, _ sorted: [Double], _ nothing: Double) -> Double {
      let rank = Int(expected)
      guard rank > 0 else { return isLiteral ? sorted.last ?? nothing : nothing }
      return sorted[min(rank, sorted.count) - 1]
    }
    let descending = Array(ascending.reversed())
    label = threshold(shares.positive * count, descending, .infinity)
    positive = threshold(kept.positive * shares.positive * count, descending, .infinity)
    negative = threshold(kept.negative * shares.negative * count, ascending, -.infinity)
  }

  /// Restores saved thresholds.
  init(label: Double, positive: Double, negative: Double) {
    (self.label, self.positive, self.negative) = (label, positive, negative)
  }

  /// Whether the pseudo-label of a score is positive.
  public func isPositive(_ score: Double) -> Bool { score >= label }

  /// Whether the pseudo-label of a score counts.
  public func counts(_ score: Double) -> Bool { score >= positive || score <= negative }
}
