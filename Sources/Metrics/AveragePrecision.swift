/// Average precision: the step-wise sum Σ (Rₙ − Rₙ₋₁) Pₙ over thresholds, not a trapezoid.
extension Ranking {
  /// Of a sorted ranking, as scikit-learn's `average_precision_score`. `nil` without a positive.
  var averagePrecision: Double? {
    guard positives > 0 else { return nil }
    var sum = 0.0
    var hits = 0
    var seen = 0
    forEachThreshold { positives, negatives in
      hits += positives
      seen += positives + negatives
      sum += Double(positives) * (Double(hits) / Double(seen))
    }
    return sum / Double(positives)
  }
}
