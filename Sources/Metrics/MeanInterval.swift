// The mean of a few repetitions, with Student's interval.

/// A mean over repetitions such as seeds, and its 95 % interval by Student's t distribution.
package struct MeanInterval: Sendable, Equatable {
  package let mean: Double
  /// nil for fewer than two values.
  package let interval: ConfidenceInterval?

  /// nil without a value.
  package init?(_ values: [Double], level: Double = 0.95) {
    guard !values.isEmpty else { return nil }
    let count = Double(values.count)
    mean = values.reduce(0, +) / count
    guard values.count > 1 else {
      interval = nil
      return
    }
    let center = mean
    let variance = values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / (count - 1)
    let half =
      StudentT.quantile(twoSided: 1 - level, degrees: count - 1) * (variance / count).squareRoot()
    interval = ConfidenceInterval(low: mean - half, high: mean + half, draws: values.count)
  }
}
