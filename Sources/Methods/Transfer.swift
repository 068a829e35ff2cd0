// Transfer: a small classifier on the features of a pre-trained network, and nothing else.
import Acoustics
import Autograd
import Datasets
import Layers

/// Features, mean over time, each brought to mean 0 and standard deviation 1 over the training
/// clips, into Linear(D → 256), batch norm, ReLU, dropout, Linear(256 → C); B1's loss. Two
/// extractors' vectors stand side by side. The recipe's model is not used.
/// Paper: Hung & Lerch 2022, arXiv:2206.04850, baseline.
public final class Transfer: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "transfer", title: "Transfer",
    summary: "a small classifier on a pre-trained network's features; the model is not used",
    paper: FeatureInformed.paper,
    hyperparameters: FeatureInformed.hyperparameters + FeatureHead.hyperparameters)

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
    let seen = augmentation(batch, mode)
    return Loss(supervised: model(seen.input, mode), seen)
  }
}
