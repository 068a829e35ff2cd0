// Gaussian mixture models.
import Autograd
import Foundation

/// Fitted by expectation–maximization (Dempster, Laird & Rubin 1977) in double precision.
public struct GaussianMixture: Sendable, Equatable {
  public enum Covariance: String, Sendable, Codable, CaseIterable { case diagonal, full }

  public struct Settings: Sendable, Equatable {
    public var components: Int
    public var covariance: Covariance
    /// The minimum of a variance; for a full covariance, the value added to its diagonal. Features
    /// are expected to have a standard deviation near 1.
    public var floor: Double
    /// Stops when the mean log-likelihood per row improves by less.
    public var tolerance: Double
    public var rounds: Int

    public init(
      components: Int = 3, covariance: Covariance = .diagonal, floor: Double = 1e-3,
      tolerance: Double = 1e-3, rounds: Int = 100
    ) {
      (self.components, self.covariance, self.floor) = (components, covariance, floor)
      (self.tolerance, self.rounds) = (tolerance, rounds)
    }
  }

  public let features: Int
  public let covariance: Covariance
  public internal(set) var components: [Gaussian]

  package init(features: Int, covariance: Covariance, components: [Gaussian]) {
    (self.features, self.covariance, self.components) = (features, covariance, components)
  }

  /// Starts from clusters of k-means++ and Lloyd's iterations. A mixture has at most as many
  /// components as rows. Throws if there are no rows.
  public init(
    fitting examples: Examples, _ settings: Settings = Settings(), random: Generator
  ) throws(ClassicError) {
    guard examples.rows > 0, settings.components > 0, settings.floor > 0 else {
      throw ClassicError("\(examples.rows) rows for a mixture; expected at least 1")
    }
    var random = random
    let start = KMeans(
      examples, clusters: min(settings.components, examples.rows), random: &random)
    self.init(fitting: examples, settings, responsibilities: start.responsibilities)
  }

  /// Continues from responsibilities `[rows][components]`.
  package init(fitting examples: Examples, _ settings: Settings, responsibilities: [[Double]]) {
    features = examples.features
    covariance = settings.covariance
    components = Self.maximize(examples, settings, responsibilities)
    climb(examples, settings)
  }

  /// Continues from these components.
  package init(fitting examples: Examples, _ settings: Settings, from start: [Gaussian]) {
    self.init(features: examples.features, covariance: settings.covariance, components: start)
    climb(examples, settings)
  }

  private mutating func climb(_ examples: Examples, _ settings: Settings) {
    var last = -Double.infinity
    for _ in 0..<settings.rounds {
      let (shares, likelihood) = expect(examples)
      components = Self.maximize(examples, settings, shares)
      if abs(likelihood - last) < settings.tolerance { return }
      last = likelihood
    }
  }

  /// ln p(row), `[rows]`.
  public func logDensities(_ examples: Examples) -> [Double] {
    precondition(examples.features == features, "features as in the fitted rows")
    return (0..<examples.rows).map { row in
      logSum(components.map { $0.logDensity(examples[row]) })
    }
  }

  /// The responsibilities of the components for every row, and the mean log-likelihood.
  private func expect(_ examples: Examples) -> ([[Double]], Double) {
    var total = 0.0
    let shares = (0..<examples.rows).map { row -> [Double] in
      let logs = components.map { $0.logDensity(examples[row]) }
      let sum = logSum(logs)
      total += sum
      return logs.map { exp($0 - sum) }
    }
    return (shares, total / Double(examples.rows))
  }

  private static func maximize(
    _ examples: Examples, _ settings: Settings, _ shares: [[Double]]
  ) -> [Gaussian] {
    (0..<(shares.first?.count ?? 0)).map { index in
      Gaussian(
        fitting: examples, shares: shares.map { $0[index] }, covariance: settings.covariance,
        floor: settings.floor)
    }
  }
}

/// ln Σ eˣ without overflow.
func logSum(_ logs: [Double]) -> Double {
  guard let most = logs.max(), most > -.infinity else { return -.infinity }
  return most + log(logs.reduce(0) { $0 + exp($1 - most) })
}
