// A learner and its settings, to be fitted to rows.

/// The four families, each with what it needs to know. Features are brought to mean 0 and
/// deviation 1 first, as fitted on the training rows.
public enum ClassicLearner: Sendable, Equatable {
  case supportVectors(SupportVectorMachine.Settings)
  case nearest(neighbors: Int)
  case forest(RandomForest.Settings)
  case mixture(GaussianMixture.Settings, seed: Int)

  /// Throws where the rows or settings do not fit.
  public func fit(
    _ examples: Examples, _ labels: ClassicLabels
  ) throws(ClassicError) -> ScaledModel {
    let scale = ZScore(fitting: examples)
    let scaled = scale(examples)
    let model: any ClassicModel =
      switch self {
      case .supportVectors(let settings):
        try SupportVectorMachine(fitting: scaled, labels, settings)
      case .nearest(let neighbors):
        try NearestNeighbors(fitting: scaled, labels, neighbors: neighbors)
      case .forest(let settings): try RandomForest(fitting: scaled, labels, settings)
      case .mixture(let settings, let seed):
        try MixtureClassifier(fitting: scaled, labels, settings, seed: seed)
      }
    return ScaledModel(scale: scale, model: model)
  }
}

/// A fitted model behind its z-score: it takes features as they were measured.
public struct ScaledModel: ClassicModel {
  public let scale: ZScore
  public let model: any ClassicModel

  public var classes: Int { model.classes }
  public func scores(_ examples: Examples) -> [Float] { model.scores(scale(examples)) }
  public func decisions(_ examples: Examples) -> [Int] { model.decisions(scale(examples)) }
}
