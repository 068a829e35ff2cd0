// Reprogramming by two convolutions in front of a frozen network.
import Autograd
import Datasets
import Layers

/// Two 3×3 convolutions of one channel in front of a frozen network, an output mapping behind it;
/// gradients flow through the network to its input. 16,936 parameters are trained for 20 classes.
/// Paper: CNNRP of Chen & Lerch 2022, arXiv:2211.08379.
public final class ReprogramCNN: Method {
  public static let card = Card(
    id: "reprogram-cnn", title: "Reprogramming, CNN",
    summary:
      "two convolutions change what a frozen network sees; a linear layer reads its embedding",
    paper: "Chen & Lerch 2022, arXiv:2211.08379")

  public var model: any Classifier { network.model }
  private let network: Reprogramming

  public init(_ setup: MethodSetup) throws {
    network = try .of(setup, Self.card, part: "cnn")
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss { network.loss(batch, mode) }
}
