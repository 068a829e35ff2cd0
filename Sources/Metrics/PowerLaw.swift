import Foundation

/// A learning curve: the score rises towards a limit as limit − scale · n^−exponent.
///
/// ```swift
/// let curve = PowerLaw(fitting: [(50, 0.61), (100, 0.68), (200, 0.73)])
/// let gain = curve.map { $0(300) - $0(200) }
/// ```
///
/// Source of the form: Cortes et al. 1993, Learning Curves: Asymptotic Values and Rate of
/// Convergence, NIPS. The law is an assumption; it says nothing about labels of another kind.
public struct PowerLaw: Sendable, Equatable {
  /// The score that endless labels would reach, at most 1.
  public let limit: Double
  /// How far one label is from the limit; negative if the score falls.
  public let scale: Double
  /// How fast the distance shrinks.
  public let exponent: Double

  /// The exponents that are tried.
  public static let exponents = [0.25, 0.5, 0.75, 1]

  /// Least squares for one exponent. Two points or more at two numbers of labels or more, all above
  /// 0; nil otherwise.
  public init?(_ points: [(labels: Double, score: Double)], exponent: Double) {
    guard points.count > 1, points.allSatisfy({ $0.labels > 0 && $0.score.isFinite }) else {
      return nil
    }
    let x = points.map { pow($0.labels, -exponent) }
    let n = Double(points.count)
    let (meanX, meanY) = (x.reduce(0, +) / n, points.reduce(0) { $0 + $1.score } / n)
    let spread = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    guard spread > 1e-15 else { return nil }
    let slope = zip(x, points).reduce(0) { $0 + ($1.0 - meanX) * ($1.1.score - meanY) } / spread
    let limit = meanY - slope * meanX
    self.exponent = exponent
    if limit > 1 {
      self.limit = 1
      scale =
        zip(x, points).reduce(0) { $0 + $1.0 * (1 - $1.1.score) }
        / x.reduce(0) { $0 + $1 * $1 }
    } else {
      (self.limit, scale) = (limit, -slope)
    }
  }

  /// The exponent with the smallest squared error; that of 0.5 for two points, which every exponent
  /// fits alike.
  public init?(fitting points: [(labels: Double, score: Double)]) {
    let tried = points.count > 2 ? Self.exponents : [0.5]
    let fits = tried.compactMap { PowerLaw(points, exponent: $0) }
    guard let best = fits.min(by: { $0.error(points) < $1.error(points) }) else { return nil }
    self = best
  }

  /// The score expected with that many labels.
  public func callAsFunction(_ labels: Double) -> Double { limit - scale * pow(labels, -exponent) }

  private func error(_ points: [(labels: Double, score: Double)]) -> Double {
    points.reduce(0) { $0 + ($1.score - self($1.labels)) * ($1.score - self($1.labels)) }
  }
}
