// The classic system as a model: fixed features and a learner without gradients.
import Acoustics
import Autograd
import Classics
import Layers

/// Learns from rows [B, D]: what a front end yields of a clip, [B, 1, M, T], laid out in one row,
/// or the mean over time of a sequence [B, T, D].
/// Source: Burred, Lerch 2004, JAES 52:724; the learners' own papers are named where they are.
public final class ClassicNetwork: RowLearner {
  public static let card = Card(
    id: "classic", title: "Classic learner",
    summary: "support vectors, neighbors, a forest or mixtures on statistics of a clip",
    paper: "Burred & Lerch 2004, JAES 52:724",
    hyperparameters: [
      Hyperparameter(
        "input", "input", help: "statistics of the sound, or an extractor's embeddings, their mean",
        initial: .choice(statistics), range: .choice([statistics] + ModelInput.extractors)),
      .layer("layer", of: "the input"),
      Hyperparameter(
        "learner", "learner", help: "what is fitted to the rows",
        initial: .choice("svm-rbf"),
        range: .choice(["svm-rbf", "svm-linear", "knn", "forest", "gmm"])),
      Hyperparameter(
        "cost", "cost C", help: "of an error, against a wide margin (svm)",
        initial: .real(10), range: .real(1e-6...1e6)),
      Hyperparameter(
        "gamma", "gamma", help: "of the radial kernel; 0: 1 / (features · variance)",
        initial: .real(0), range: .real(0...1e6)),
      Hyperparameter(
        "neighbors", "neighbors", help: "rows that vote (knn)",
        initial: .integer(5), range: .integer(1...10_000)),
      Hyperparameter(
        "trees", "trees", help: "of the forest", initial: .integer(100),
        range: .integer(1...10_000)),
      Hyperparameter(
        "depth", "depth", help: "questions a tree asks at most; 0: as many as it likes",
        initial: .integer(0), range: .integer(0...1000)),
      Hyperparameter(
        "components", "components", help: "Gaussians of a mixture (gmm)",
        initial: .integer(3), range: .integer(1...1000)),
      Hyperparameter(
        "covariance", "covariance", help: "of the Gaussians (gmm)",
        initial: .choice("diagonal"), range: .choice(["diagonal", "full"])),
      Hyperparameter(
        "tree", "tree",
        help: "clustered: top-down, like classes share a node with a learner; one class a clip",
        initial: .choice("none"), range: .choice(["none", "clustered"])),
      Hyperparameter(
        "selected", "selected features", help: "by which a node of the tree decides; 0: all",
        initial: .integer(20), range: .integer(0...10_000)),
    ])

  private let classes: Int
  private let learner: ClassicLearner
  private var model: ScaledModel?
  private var rows = RowMemory()

  /// Throws on unknown keys and impossible values.
  public init(
    classes: Int, hyperparameters: [String: Hyperparameter.Value] = [:], random: RandomSource
  ) throws {
    self.classes = classes
    let seed = Int(truncatingIfNeeded: random.generator.next() >> 1)
    let settings = try Settings(hyperparameters, of: Self.card)
    let flat = Self.learner(settings, seed: seed)
    let isTree = settings.choice("tree") == "clustered"
    learner = isTree ? .tree(flat, selected: settings.integer("selected")) : flat
  }

  private static func learner(_ settings: Settings, seed: Int) -> ClassicLearner {
    let gamma = settings.real("gamma")
    let cost = settings.real("cost")
    switch settings.choice("learner") {
    case "svm-linear": return .supportVectors(.init(kernel: .linear, cost: cost))
    case "knn": return .nearest(neighbors: settings.integer("neighbors"))
    case "forest":
      let depth = settings.integer("depth")
      return .forest(
        .init(trees: settings.integer("trees"), depth: depth > 0 ? depth : nil, seed: seed))
    case "gmm":
      let covariance = GaussianMixture.Covariance(rawValue: settings.choice("covariance"))
      return .mixture(
        .init(components: settings.integer("components"), covariance: covariance ?? .diagonal),
        seed: seed)
    default:
      return .supportVectors(.init(kernel: gamma > 0 ? .rbf(gamma: Float(gamma)) : nil, cost: cost))
    }
  }

  public func take(_ input: Tensor, targets: Tensor, observed: Tensor, names: [String]) {
    rows.take(Self.rows(input).values, targets.values, observed.values, names)
  }

  /// The model's scores; one half for every class before there were rows. While training it
  /// answers with what it was last fitted to.
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

  /// To all rows, if any came since the last time. Rows that cannot be fitted leave the old model.
  private func fit() {
    guard let (examples, labels) = rows.fresh(classes: classes) else { return }
    model = (try? learner.fit(examples, labels)) ?? model
    rows.areFitted = true
  }

  // MARK: what a checkpoint keeps

  /// The fitted model's tensors, none of them trainable; beside it rows that wait for the rest of
  /// their epoch.
  public var namedParameters: [(name: String, parameter: Parameter)] {
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
  private static let statistics = "statistics"

  /// The learner scales rows itself, by the rows it is fitted to.
  public static func input(_ hyperparameters: [String: Hyperparameter.Value]) -> ModelInput {
    guard case .choice(let source)? = hyperparameters["input"], source != statistics else {
      return .frontEnd(.statistics, standardized: false)
    }
    var layer: String?
    if case .choice(let name)? = hyperparameters["layer"] { layer = name }
    return .embeddings(ExtractorReference(source, layer: layer).text, standardized: false)
  }

  public static func make(
    classes: Int, input: InputSize, hyperparameters: [String: Hyperparameter.Value],
    random: RandomSource
  ) throws -> any Classifier {
    try ClassicNetwork(classes: classes, hyperparameters: hyperparameters, random: random)
  }
}
