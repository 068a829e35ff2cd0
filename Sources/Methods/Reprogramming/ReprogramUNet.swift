// Reprogramming by a U-Net in front of a frozen network.
import Autograd
import Datasets
import Layers

/// A U-Net with additive skips in front of a frozen network, an output mapping behind it;
/// gradients flow through the network to its input. 18,201 parameters are trained for 20 classes.
/// Paper: URP of Chen & Lerch 2022, arXiv:2211.08379.
/// Differs: the authors' released file lets no gradient reach the U-Net; the number of parameters
/// in the paper counts it, and it is trained here.
public final class ReprogramUNet: Method {
  public static let card = Card(
    id: "reprogram-unet", title: "Reprogramming, U-Net",
    summary: "a U-Net changes what a frozen network sees; a linear layer reads its embedding",
    paper: "Chen & Lerch 2022, arXiv:2211.08379")

  public var model: any Classifier { network.model }
  private let network: Reprogramming

  public init(_ setup: MethodSetup) throws {
    network = try .of(setup, Self.card, part: "unet")
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss { network.loss(batch, mode) }
}
