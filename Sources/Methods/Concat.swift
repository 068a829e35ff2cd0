// Concatenation: the model's own embedding and a pre-trained network's features, side by side.
import Acoustics
import Autograd
import Datasets
import Layers

/// [e ; v] into Linear → 256, batch norm, ReLU, dropout, Linear(256 → C); B1's loss. e is the
/// embedding of the recipe's model, v the features as in `transfer`. Features are needed whenever
/// a clip is scored.
/// Paper: Hung & Lerch 2022, arXiv:2206.04850, baseline.
public final class Concat: Method {
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

  public static func extractors(_ settings: Settings) -> [String] {
    FeatureInformed.extractors(settings)
  }

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
    let seen = augmentation(batch, mode)
    let features = extractors.map { FeatureInformed.features($0, of: seen) }
    let prediction = network(seen.input, Tensor.concat(features, axis: 1), mode)
    return Loss(supervised: prediction, seen)
  }
}

/// A model's embedding and features into one head.
private final class JoinedNetwork: Classifier {
  private let base: EmbeddingNetwork
  private let head: FeatureHead
  private let shape: [Int]

  init(features: Int, _ setup: MethodSetup) throws {
    base = EmbeddingNetwork(try setup.makeModel(), input: setup.input)
    head = FeatureHead(inputs: base.size + features, setup)
    shape = setup.input
  }

  /// [B, M·T + D]: what the model is fed, row by row, and the features behind it.
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let own = shape.reduce(1, *)
    let picture = input.slice(1, 0..<own).reshape([input.shape[0]] + shape)
    return self(picture, input.slice(1, own..<input.shape[1]), mode)
  }

  /// The two apart: [B, …] and [B, D].
  func callAsFunction(_ picture: Tensor, _ features: Tensor, _ mode: Mode) -> Prediction {
    head(Tensor.concat(base(picture, mode), features, axis: 1), mode)
  }
}
