// Platt scaling: a sigmoid per class from logits to probabilities.
import Foundation

/// A calibrated probability 1 / (1 + e^(A·z + B)) of logits z, fitted by maximum likelihood. With
/// smoothed targets, a positive counts as (N⁺ + 1)/(N⁺ + 2) and a negative as 1/(N⁻ + 2), so that
/// few labels do not give certainty.
/// Paper: Platt 1999, "Probabilistic outputs for support vector machines"; the search follows Lin,
/// Lin & Weng 2007, Machine Learning 68:267.
public struct PlattScaling: Sendable, Equatable {
  /// A and B. A is below 0 where higher logits are more often positive.
  public let slope, offset: Double

  /// A scaling with known A and B.
  public init(slope: Double, offset: Double) {
    (self.slope, self.offset) = (slope, offset)
  }

  /// The probability of a logit.
  public func probability(_ logit: Double) -> Double {
    let exponent = slope * logit + offset
    return exponent >= 0 ? exp(-exponent) / (1 + exp(-exponent)) : 1 / (1 + exp(exponent))
  }

  /// Fits labelled logits of one class. If all labels are alike, the probability is the same for
  /// all logits.
  ///
  /// - Parameters:
  ///   - logits: One logit for each label.
  ///   - isPositive: The labels, in the order of `logits`.
  ///   - isSmoothed: Whether targets are smoothed.
  /// - Returns: nil without labels; without smoothing, also if all labels are alike.
  public init?(logits: [Double], isPositive: [Bool], isSmoothed: Bool = true) {
    let positives = Double(isPositive.count { $0 })
    let negatives = Double(isPositive.count) - positives
    guard !logits.isEmpty, isSmoothed || (positives > 0 && negatives > 0) else { return nil }
    let high = isSmoothed ? (positives + 1) / (positives + 2) : 1
    let low = isSmoothed ? 1 / (negatives + 2) : 0
    guard positives > 0, negatives > 0 else {
      let level = positives > 0 ? high : low
      self.init(slope: 0, offset: log((1 - level) / level))
      return
    }
    var fit = Fit(logits: logits, targets: isPositive.map { $0 ? high : low })
    fit.offset = log((negatives + 1) / (positives + 1))
    for _ in 0..<100 where fit.step() {}
    self.init(slope: fit.slope, offset: fit.offset)
  }
}

/// Newton's method with a line search on the cross-entropy, which is convex in A and B.
private struct Fit {
  let logits, targets: [Double]
  var slope = 0.0, offset = 0.0

  init(logits: [Double], targets: [Double]) { (self.logits, self.targets) = (logits, targets) }

  /// Takes a step; false if A and B are found.
  mutating func step() -> Bool {
    // The ridge keeps the matrix invertible where all probabilities are certain.
    var (aa, ab, bb) = (1e-12, 0.0, 1e-12), (a, b) = (0.0, 0.0)
    let scaling = PlattScaling(slope: slope, offset: offset)
    for (z, target) in zip(logits, targets) {
      let p = scaling.probability(z)
      let (curvature, gap) = (p * (1 - p), target - p)
      (aa, ab, bb) = (aa + z * z * curvature, ab + z * curvature, bb + curvature)
      (a, b) = (a + z * gap, b + gap)
    }
    guard max(abs(a), abs(b)) > 1e-11 else { return false }
    let determinant = aa * bb - ab * ab
    let (da, db) = (-(bb * a - ab * b) / determinant, -(aa * b - ab * a) / determinant)
    return move(along: (da, db), gain: a * da + b * db)
  }

  private mutating func move(along direction: (a: Double, b: Double), gain: Double) -> Bool {
    let before = loss(slope, offset)
    var length = 1.0
    while length > 1e-10 {
      let (a, b) = (slope + length * direction.a, offset + length * direction.b)
      if loss(a, b) < before + 1e-4 * length * gain {
        (slope, offset) = (a, b)
        return true
      }
      length /= 2
    }
    return false
  }

  private func loss(_ slope: Double, _ offset: Double) -> Double {
    zip(logits, targets).reduce(0) { sum, entry in
      let exponent = slope * entry.0 + offset
      // −t·ln p − (1 − t)·ln(1 − p) with p = 1/(1 + e^exponent).
      return sum + max(exponent, 0) + log1p(exp(-abs(exponent))) - (1 - entry.1) * exponent
    }
  }
}
