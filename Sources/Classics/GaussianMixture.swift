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
    examples.expectFeatures(features)
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

/// A mixture per class, with equal priors (maximum likelihood). If every row has exactly one class,
/// scores are posteriors over the classes. Otherwise each class has a mixture of its positive rows
/// and one of its negative rows, both of observed rows only, and its score is the posterior of the
/// first. Sources: Burred & Lerch 2004, JAES 52:724; Reynolds & Rose 1995, doi:10.1109/89.365379.
public struct MixtureClassifier: ClassicModel, Equatable {
  public let classes: Int
  /// For each class, the mixture of its rows and, if classes are independent, that of the other
  /// rows; nil if there are no such rows.
  public let own, others: [GaussianMixture?]
  public let isSingleLabel: Bool

  package init(
    classes: Int, own: [GaussianMixture?], others: [GaussianMixture?], isSingleLabel: Bool
  ) {
    (self.classes, self.own, self.others) = (classes, own, others)
    self.isSingleLabel = isSingleLabel
  }

  /// Throws if there are no rows.
  public init(
    fitting examples: Examples, _ labels: ClassicLabels,
    _ settings: GaussianMixture.Settings = .init(), seed: Int = 0
  ) throws(ClassicError) {
    try checkFit(examples, labels)
    guard settings.components > 0, settings.floor > 0 else {
      throw ClassicError("\(settings.components) components; expected at least 1")
    }
    let isSingle = labels.classOfRows != nil && labels.classes > 1
    let sides = isSingle ? 1 : 2
    let found = parallelMap(labels.classes * sides) { index -> GaussianMixture? in
      let (own, side) = (index / sides, index % sides)
      let rows = labels.observed(own).filter { labels[$0, own] == (side == 0) }
      return try? GaussianMixture(
        fitting: examples.choosing(rows), settings,
        random: Generator(seed: seed, 0x6A, own, side))
    }
    classes = labels.classes
    isSingleLabel = isSingle
    own = (0..<classes).map { found[$0 * sides] }
    others = (0..<classes).map { isSingle ? nil : found[$0 * sides + 1] }
  }

  /// Posteriors. If only one of the two mixtures exists, it wins; if none exists, the score is 0.
  public func scores(_ examples: Examples) -> [Float] {
    let rows = examples.rows
    let logs = parallelMap(classes) { index -> [(Double, Double)] in
      let mine = own[index]?.logDensities(examples)
      let rest = others[index]?.logDensities(examples)
      return (0..<rows).map { (mine?[$0] ?? -.infinity, rest?[$0] ?? -.infinity) }
    }
    return (0..<rows).flatMap { row in posteriors(logs.map { $0[row] }) }
  }

  private func posteriors(_ logs: [(own: Double, others: Double)]) -> [Float] {
    if isSingleLabel {
      let sum = logSum(logs.map(\.own))
      return logs.map { sum > -.infinity ? Float(exp($0.own - sum)) : 0 }
    }
    return logs.map { pair in
      let sum = logSum([pair.own, pair.others])
      return sum > -.infinity ? Float(exp(pair.own - sum)) : 0
    }
  }
}
