// Transfer and Concat: classifiers on the features of a pre-trained network, alone or joined to the
// embedding of a model.
import Acoustics
import Autograd
import Datasets
import Layers

/// B1's loss of a classifier on pooled features: means over time, standardized over the training
/// clips. The classifier is Linear(D → 256), batch norm, ReLU, dropout, Linear(256 → C). The
/// vectors of two extractors are concatenated. The recipe's model is not used.
/// Paper: Hung & Lerch 2022, arXiv:2206.04850, baseline.
public final class Transfer: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "transfer", title: "Transfer",
    summary: "a small classifier on a pre-trained network's features; the model is not used",
    paper: FeatureInformed.paper,
    hyperparameters: FeatureInformed.hyperparameters + FeatureHead.hyperparameters,
    // A mask over the few frames of an embedding hides most of the clip.
    defaults: [
      DefaultSetting("training.augment.bands", 0), DefaultSetting("training.augment.frames", 0),
    ])

  public let model: any Classifier
  private let augmentation: Augmentation

  public static func input(_ model: ModelInput, _ settings: Settings) -> ModelInput {
    .pooled(FeatureInformed.extractors(settings))
  }

  public init(_ setup: MethodSetup) throws {
    model = FeatureHead(inputs: setup.input.reduce(1, *), setup)
    augmentation = setup.augmentation
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let augmented = augmentation(batch, mode)
    return Loss(supervised: model(augmented.input, mode), augmented)
  }
}

/// B1's loss of a classifier on [e ; v], where e is the embedding of the recipe's model and v are
/// the features as in `transfer`. The classifier is that of `transfer`. It needs features to score
/// a clip.
/// Paper: Hung & Lerch 2022, arXiv:2206.04850, baseline.
public final class Concat: FeatureInformedMethod {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "concat", title: "Concatenation",
    summary: "the model's embedding joined by pre-trained features, in training and in use",
    paper: FeatureInformed.paper,
    hyperparameters: FeatureInformed.hyperparameters + FeatureHead.hyperparameters)

  public var model: any Classifier { network }
  private let network: JoinedNetwork
  private let extractors: [String]
  private let augmentation: Augmentation

  public static func input(_ model: ModelInput, _ settings: Settings) -> ModelInput {
    .joined(model, with: FeatureInformed.extractors(settings))
  }

  public init(_ setup: MethodSetup) throws {
    extractors = FeatureInformed.extractors(setup.settings)
    let features = try FeatureInformed.sizes(extractors, in: setup).reduce(0, +)
    network = try JoinedNetwork(features: features, setup)
    augmentation = setup.augmentation
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let augmented = augmentation(batch, mode)
    let features = extractors.map { FeatureInformed.features($0, of: augmented) }
    let prediction = network(augmented.input, Tensor.concat(features, axis: 1), mode)
    return Loss(supervised: prediction, augmented)
  }
}

/// A head on the embedding of a model and features.
private final class JoinedNetwork: Classifier {
  private let base: EmbeddingNetwork
  private let head: FeatureHead
  private let shape: [Int]

  init(features: Int, _ setup: MethodSetup) throws {
    base = EmbeddingNetwork(try setup.makeModel(), input: setup.input)
    head = FeatureHead(inputs: base.size + features, setup)
    shape = setup.input
  }

  /// Predicts rows [B, M·T + D]: the input of the model, flattened, followed by the features.
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let own = shape.reduce(1, *)
    let images = input.slice(1, 0..<own).reshape([input.shape[0]] + shape)
    return self(images, input.slice(1, own..<input.shape[1]), mode)
  }

  /// Predicts inputs [B, …] of the model with features [B, D].
  func callAsFunction(_ input: Tensor, _ features: Tensor, _ mode: Mode) -> Prediction {
    head(Tensor.concat(base(input, mode), features, axis: 1), mode)
  }
}

/// A model without its head: only the parameters that the embedding depends on.
struct EmbeddingNetwork: Parametric {
  private let model: any Classifier
  /// The size D of the embedding.
  let size: Int
  let namedParameters: NamedParameters

  /// `input` is the shape of one clip. The gradients for a clip of zeros show which parameters the
  /// embedding depends on.
  init(_ model: any Classifier, input: [Int]) {
    self.model = model
    let prediction = EmbeddingNetwork.trial(model, input)
    size = prediction.embedding.shape[1]
    let reached = gradients(of: prediction.embedding.sum())
    namedParameters = model.namedParameters.filter { _, parameter in
      !parameter.isTrainable || reached[parameter] != nil
    }
  }

  /// The embeddings of a batch, [B, …] → [B, D].
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Tensor { model(input, mode).embedding }

  /// The size D of the embedding of a model.
  static func size(of model: any Classifier, input: [Int]) -> Int {
    trial(model, input).embedding.shape[1]
  }

  private static func trial(_ model: any Classifier, _ input: [Int]) -> Prediction {
    let mode = Mode(training: false, random: RandomSource(Generator(seed: 0)), records: true)
    return model(.zeros([1] + input), mode)
  }
}

/// Linear D → H, batch norm, ReLU, dropout, linear H → C; or a single linear layer. The names are
/// those of the last layers of the harmonic CNN.
final class FeatureHead: Classifier {
  private let fc_1: Linear?
  private let bn: BatchNorm?
  private let fc_2: Linear
  private let dropout: Dropout

  /// H = 0: one linear layer.
  init(inputs: Int, hidden: Int, classes: Int, dropout: Double, random: RandomSource) {
    fc_1 = hidden > 0 ? Linear(inputs, hidden, random: random) : nil
    bn = hidden > 0 ? BatchNorm(hidden) : nil
    fc_2 = Linear(hidden > 0 ? hidden : inputs, classes, random: random)
    self.dropout = Dropout(dropout)
  }

  convenience init(inputs: Int, _ setup: MethodSetup) {
    self.init(
      inputs: inputs, hidden: setup[Self.head] == .linear ? 0 : setup[Self.hidden],
      classes: setup.classes, dropout: setup[Self.dropoutShare], random: setup.random)
  }

  /// Predicts [B, …] with D values for each clip. The embedding is the input.
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let features = input.reshape([input.shape[0], -1])
    guard let fc_1, let bn else {
      return Prediction(.logits(fc_2(features, mode)), embedding: features)
    }
    let hidden = bn(fc_1(features, mode.exact), relu: true, mode)
    return Prediction(.logits(fc_2(dropout(hidden, mode), mode)), embedding: features)
  }

  enum Head: String, CaseIterable, HyperparameterValue { case network, linear }
  private static let head = Hyperparameter<Head>(
    "head", "head", help: "two layers with batch norm between them, or one linear layer",
    initial: .network)
  private static let hidden = Hyperparameter<Int>(
    "hidden", "hidden units", help: "width of the hidden layer of the head", initial: 256,
    range: 1...4096)
  private static let dropoutShare = Hyperparameter<Double>(
    "dropout", "dropout", help: "dropout rate of the hidden layer", initial: 0.5,
    range: 0...0.9)

  static let hyperparameters: [any ListedHyperparameter] = [head, hidden, dropoutShare]
}
