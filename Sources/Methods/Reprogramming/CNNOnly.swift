// The convolutions of reprogramming by themselves: a baseline without pre-training.
import Autograd
import Datasets
import Layers

/// The two convolutions of `reprogram-cnn`, each with a ReLU behind it, and an output mapping on
/// 768 window means of their picture: what the 16,936 parameters can do without the network between
/// them. The recipe's model says what the input is; its weights are not made.
/// Paper: "CNN" of Chen & Lerch 2022, arXiv:2211.08379; the ReLUs are those of its authors' file.
/// Differs: the mapping takes 8 × 96 means, where the released file flattens the picture.
public final class CNNOnly: Method {
  public static let card = Card(
    id: "cnn-only", title: "CNN without the network",
    summary: "the two convolutions of reprogramming and a linear layer, nothing pre-trained",
    paper: "Chen & Lerch 2022, arXiv:2211.08379",
    hyperparameters: [
      Hyperparameter(
        "relu", "ReLU", help: "behind each convolution, as in the authors' stand-alone network",
        initial: .flag(true), range: .flag)
    ])

  public var model: any Classifier { network.model }
  private let network: Reprogramming

  public init(_ setup: MethodSetup) throws {
    let settings = try Settings(setup.hyperparameters, of: Self.card)
    network = try .without(
      backbone: setup, Self.card, part: settings.flag("relu") ? "cnn-relu" : "cnn")
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss { network.loss(batch, mode) }
}
