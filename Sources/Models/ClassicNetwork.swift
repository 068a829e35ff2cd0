// Classic learners as a model: fixed features and a learner without gradients.
import Acoustics
import Autograd
import Classics
import Layers

/// Learns from rows [B, D]: the flattened output of a front end [B, 1, M, T], or the mean over time
/// of a sequence [B, T, D].
/// Source: Burred, Lerch 2004, JAES 52:724; each learner names its own paper.
public final class ClassicNetwork: RowLearner {
  /// Id, title, summary, paper and settings.
  public static let card = Card(
    id: "classic", title: "Classic learner",
    summary: "support vectors, neighbors, a forest or mixtures on statistics of a clip",
    paper: "Burred & Lerch 2004, JAES 52:724",
    hyperparameters: [
      source, layer, kind, cost, gamma, neighbors, trees, depth, components, covariance, tree,
      selected,
    ])

  private static let statistics = "statistics"
  private static let source = Hyperparameter<String>(
    "input", "input", help: "statistics of the sound, or an extractor's embeddings, their mean",
    initial: statistics, choices: [statistics] + ModelInput.extractors)
  private static let layer = Hyperparameter<String>.layer("layer", of: source, "the input")
  private static let kind = Hyperparameter<Kind>(
    "learner", "learner", help: "classifier", initial: .radial)
  private static let cost = Hyperparameter<Double>(
    "cost", "cost C", help: "cost of an error (svm)", initial: 10,
    range: 1e-6...1e6)
  private static let gamma = Hyperparameter<Double>(
    "gamma", "gamma", help: "of the radial kernel; 0: 1 / (features · variance)", initial: 0,
    range: 0...1e6)
  private static let neighbors = Hyperparameter<Int>(
    "neighbors", "neighbors", help: "number of neighbors (knn)", initial: 5, range: 1...10_000)
  private static let trees = Hyperparameter<Int>(
    "trees", "trees", help: "trees of the forest", initial: 100, range: 1...10_000)
  private static let depth = Hyperparameter<Int>(
    "depth", "tree depth", help: "maximum depth of a tree; 0: unlimited", initial: 0,
    range: 0...1000)
  private static let components = Hyperparameter<Int>(
    "components", "components", help: "Gaussians of a mixture (gmm)", initial: 3, range: 1...1000)
  private static let covariance = Hyperparameter<GaussianMixture.Covariance>(
    "covariance", "covariance", help: "of the Gaussians (gmm)", initial: .diagonal)
  /// Whether classes are arranged in a clustered tree, which predicts one class per clip.
  public static let tree = Hyperparameter<Tree>(
    "tree", "tree",
    help: "clustered: top-down, like classes share a node with a learner; one class a clip",
    initial: .none)
  private static let selected = Hyperparameter<Int>(
    "selected", "selected features", help: "number of features per node of the tree; 0: all",
    initial: 20, range: 0...10_000)

  private enum Kind: String, CaseIterable, HyperparameterValue {
    case radial = "svm-rbf"
    case linear = "svm-linear"
    case neighbors = "knn"
    case forest
    case mixture = "gmm"
  }
  public enum Tree: String, CaseIterable, HyperparameterValue { case none, clustered }

  private let classes: Int
  private let learner: ClassicLearner
  private var model: ScaledModel?
  private var rows = RowMemory()
  public private(set) var fitProblem: String?

  public init(classes: Int, settings: Settings = Settings(), random: RandomSource) {
    self.classes = classes
    let seed = Int(truncatingIfNeeded: random.generator.next() >> 1)
    let flat = Self.learner(settings, seed: seed)
    learner =
      settings[Self.tree] == .clustered ? .tree(flat, selected: settings[Self.selected]) : flat
  }

  private static func learner(_ settings: Settings, seed: Int) -> ClassicLearner {
    let (cost, gamma) = (settings[Self.cost], settings[Self.gamma])
    switch settings[kind] {
    case .radial:
      return .supportVectors(.init(kernel: gamma > 0 ? .rbf(gamma: Float(gamma)) : nil, cost: cost))
    case .linear: return .supportVectors(.init(kernel: .linear, cost: cost))
    case .neighbors: return .nearest(neighbors: settings[neighbors])
    case .forest:
      let depth = settings[Self.depth]
      return .forest(.init(trees: settings[trees], depth: depth > 0 ? depth : nil, seed: seed))
    case .mixture:
      return .mixture(
        .init(components: settings[components], covariance: settings[covariance]), seed: seed)
    }
  }

  public func take(_ input: Tensor, targets: Tensor, observed: Tensor, names: [String]) {
    rows.take(Self.rows(input).values, targets.values, observed.values, names)
  }

  /// The scores of the fitted model; 0.5 for every class before the first fit. In training mode the
  /// model of the last fit is used.
  public func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let flat = Self.rows(input)
    let count = flat.shape[0]
    if !mode.training { fit() }
    guard let model, let examples = try? Examples(flat.values, features: flat.shape[1]),
      examples.features == model.scale.mean.count
    else {
      return Prediction(.probabilities(Tensor(repeating: 0.5, [count, classes])), embedding: flat)
    }
    let scores = Tensor(model.scores(examples), [count, classes])
    return Prediction(.probabilities(scores), embedding: flat)
  }

  private static func rows(_ input: Tensor) -> Tensor {
    if input.shape.count == 3 { return input.mean([1]).detached }
    return Tensor(input.values, [input.shape[0], input.count / max(input.shape[0], 1)])
  }

  /// Fits all rows if there are new ones. If they cannot be fitted, the old model stays.
  private func fit() {
    do {
      guard let (examples, labels) = try rows.fresh(classes: classes) else { return }
      model = try learner.fit(examples, labels)
      fitProblem = nil
    } catch { fitProblem = error.description }
    rows.areFitted = true
  }

  // MARK: checkpoints

  /// The tensors of the fitted model, and the rows of an unfinished epoch. None are trainable.
  public var namedParameters: NamedParameters {
    let kept = (model?.tensors ?? [:]).merging(rows.waiting(classes: classes)) { own, _ in own }
    return kept.sorted { $0.key < $1.key }.map { name, tensor in
      (name, Parameter(Tensor(tensor.values, tensor.shape), isTrainable: false))
    }
  }

  public func restore(_ state: [String: Tensor]) throws {
    let all = state.mapValues { ClassicTensor($0.values, $0.shape) }
    let waiting = all.filter { $0.key.hasPrefix(RowMemory.prefix) }
    let own = all.filter { !$0.key.hasPrefix(RowMemory.prefix) }
    let memory = try RowMemory(waiting, classes: classes)
    let restored = own.isEmpty ? nil : try ScaledModel(tensors: own)
    if let restored, restored.classes != classes {
      throw StateError.shape("classes", found: [restored.classes], expected: [classes])
    }
    (model, rows) = (restored, memory)
  }
}

extension ClassicNetwork: ModelBlueprint {
  /// The input is not standardized, since the learner standardizes rows itself.
  public static func input(_ settings: Settings) -> ModelInput {
    guard settings[source] != statistics else {
      return .frontEnd(.statistics, standardized: false)
    }
    let reference = ExtractorReference(settings[source], layer: settings[layer])
    return .embeddings(reference.text, standardized: false)
  }

  public static func make(
    classes: Int, input: InputSize, settings: Settings, random: RandomSource
  ) throws -> any Classifier {
    ClassicNetwork(classes: classes, settings: settings, random: random)
  }
}

extension GaussianMixture.Covariance: HyperparameterValue {}
