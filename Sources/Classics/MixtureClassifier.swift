// A classifier by Gaussian mixtures.
import Autograd
import Foundation

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
