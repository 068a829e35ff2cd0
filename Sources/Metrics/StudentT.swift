import Foundation

/// Tail probabilities of Student's t distribution, by a continued fraction.
enum StudentT {
  /// P(|T| >= |t|) for `degrees` > 0 of freedom: I_x(ν/2, ½) at x = ν / (ν + t²).
  static func twoSided(_ t: Double, degrees: Double) -> Double {
    t.isInfinite ? 0 : incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
  }

  /// The t > 0 with P(|T| >= t) = `twoSided`, for `degrees` > 0, by bisection; at most 10⁶.
  static func quantile(twoSided p: Double, degrees: Double) -> Double {
    var (low, high) = (0.0, 1e6)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if Self.twoSided(middle, degrees: degrees) > p { low = middle } else { high = middle }
    }
    return low
  }

  /// The regularized incomplete beta function I_x(a, b), 0 <= x <= 1, to about 1e-14.
  /// Source: DLMF 8.17.22. The fraction converges fast on the side that is chosen.
  static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    let log =
      a * Foundation.log(x) + b * Foundation.log(1 - x) + logGamma(a + b) - logGamma(a)
      - logGamma(b)
    return x < (a + 1) / (a + b + 2)
      ? exp(log) * fraction(x, a, b) / a
      : 1 - exp(log) * fraction(1 - x, b, a) / b
  }

  /// The continued fraction by the modified Lentz method.
  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func guarded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / guarded(1 - (a + b) * x / (a + 1))
    var result = d
    for m in 1...500 {
      let m = Double(m)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      for term in [even, odd] {
        d = 1 / guarded(1 + term * d)
        c = guarded(1 + term / c)
        result *= c * d
      }
      if abs(c * d - 1) < 1e-15 { break }
    }
    return result
  }

  /// ln Γ(x) for x > 0, by Stirling's series (DLMF 5.11.1) after raising the argument above 12. The
  /// C library's `lgamma` stores the sign in a global variable, which threads would share.
  private static func logGamma(_ x: Double) -> Double {
    var (x, shift) = (x, 0.0)
    while x < 12 {
      shift -= Foundation.log(x)
      x += 1
    }
    let square = 1 / (x * x)
    let series = (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680))) / x
    return shift + (x - 0.5) * Foundation.log(x) - x + 0.5 * Foundation.log(2 * .pi) + series
  }
}

/// The mean and sample standard deviation of a few values, such as the scores of several seeds.
public struct Spread: Sendable, Equatable {
  /// The mean.
  public let mean: Double
  /// The sample standard deviation, with denominator n − 1; nil for a single value.
  public let std: Double?
  /// The number of values.
  public let count: Int

  /// nil without values.
  public init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    std = values.count < 2 ? nil : (squares / Double(values.count - 1)).squareRoot()
    count = values.count
  }
}
