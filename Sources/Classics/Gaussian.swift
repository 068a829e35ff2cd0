// A weighted Gaussian, a component of a mixture.
import Foundation

/// Weight, mean and covariance. The covariance is stored as its Cholesky factor.
public struct Gaussian: Sendable, Equatable {
  public let weight: Double
  /// `[features]`.
  public let mean: [Double]
  /// Standard deviations `[features]`, or the lower triangle of the Cholesky factor by rows,
  /// `[features · (features + 1) / 2]`.
  public let factor: [Double]
  /// ln weight − ½ features ln 2π − Σ ln of the factor's diagonal.
  private let constant: Double
  private var isDiagonal: Bool { factor.count == mean.count }

  package init(weight: Double, mean: [Double], factor: [Double]) {
    (self.weight, self.mean, self.factor) = (weight, mean, factor)
    let width = mean.count
    let diagonal =
      factor.count == width ? factor : (0..<width).map { factor[$0 * ($0 + 1) / 2 + $0] }
    constant =
      log(weight) - 0.5 * Double(width) * log(2 * .pi)
      - diagonal.reduce(0) { $0 + log($1) }
  }

  /// Fits the rows, weighted by `shares`, one per row.
  init(
    fitting examples: Examples, shares: [Double], covariance: GaussianMixture.Covariance,
    floor: Double
  ) {
    // Keeps a component finite if it has lost all its rows.
    let total = shares.reduce(0, +) + 1e-14
    let width = examples.features
    var mean = [Double](repeating: 0, count: width)
    for (row, share) in shares.enumerated() where share > 0 {
      for (feature, value) in examples[row].enumerated() { mean[feature] += share * Double(value) }
    }
    mean = mean.map { $0 / total }
    let factor: [Double]
    switch covariance {
    case .diagonal:
      factor = Self.variances(examples, shares, mean, total).map { max($0, floor).squareRoot() }
    case .full:
      factor = Self.cholesky(Self.covariances(examples, shares, mean, total, floor), width)
    }
    self.init(weight: total / Double(max(shares.count, 1)), mean: mean, factor: factor)
  }

  /// ln (weight · density) of a row.
  func logDensity(_ row: ArraySlice<Float>) -> Double {
    let width = mean.count
    var sum = 0.0
    guard !isDiagonal else {
      for (feature, value) in row.enumerated() {
        let z = (Double(value) - mean[feature]) / factor[feature]
        sum += z * z
      }
      return constant - sum / 2
    }
    // Forward substitution: z = L⁻¹ (x − mean).
    var z = [Double](repeating: 0, count: width)
    for (feature, value) in row.enumerated() {
      let start = feature * (feature + 1) / 2
      var rest = Double(value) - mean[feature]
      for earlier in 0..<feature { rest -= factor[start + earlier] * z[earlier] }
      z[feature] = rest / factor[start + feature]
      sum += z[feature] * z[feature]
    }
    return constant - sum / 2
  }

  private static func variances(
    _ examples: Examples, _ shares: [Double], _ mean: [Double], _ total: Double
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: mean.count)
    for (row, share) in shares.enumerated() where share > 0 {
      for (feature, value) in examples[row].enumerated() {
        let distance = Double(value) - mean[feature]
        sums[feature] += share * distance * distance
      }
    }
    return sums.map { $0 / total }
  }

  /// The lower triangle by rows.
  private static func covariances(
    _ examples: Examples, _ shares: [Double], _ mean: [Double], _ total: Double, _ floor: Double
  ) -> [Double] {
    let width = mean.count
    var sums = [Double](repeating: 0, count: width * (width + 1) / 2)
    for (row, share) in shares.enumerated() where share > 0 {
      let distances = zip(examples[row], mean).map { Double($0) - $1 }
      for a in 0..<width {
        let scaled = share * distances[a]
        for b in 0...a { sums[a * (a + 1) / 2 + b] += scaled * distances[b] }
      }
    }
    for a in 0..<width { sums[a * (a + 1) / 2 + a] += floor * total }
    return sums.map { $0 / total }
  }

  /// The Cholesky factor L of a positive definite matrix, lower triangle by rows. Rounding may make
  /// a pivot 0; it is limited to the square root of the smallest relevant number.
  static func cholesky(_ matrix: [Double], _ width: Int) -> [Double] {
    var factor = matrix
    for a in 0..<width {
      let row = a * (a + 1) / 2
      for b in 0...a {
        let other = b * (b + 1) / 2
        var sum = matrix[row + b]
        for c in 0..<b { sum -= factor[row + c] * factor[other + c] }
        factor[row + b] = a == b ? max(sum, 1e-12).squareRoot() : sum / factor[other + b]
      }
    }
    return factor
  }
}
