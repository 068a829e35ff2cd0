// The U-Net of reprogramming by itself: a baseline without pre-training.
import Autograd
import Datasets
import Layers

/// The pre-processor of `reprogram-unet` with an output mapping on 768 window means of its picture:
/// what the 18,201 parameters can do without the network between them. The recipe's model says what
/// the input is; its weights are not made.
/// Paper: "U-Net" of Chen & Lerch 2022, arXiv:2211.08379.
/// Differs: the mapping takes 8 × 96 means, where the released file flattens the picture.
public final class UNetOnly: Method {
  public static let card = Card(
    id: "unet-only", title: "U-Net without the network",
    summary: "the U-Net of reprogramming and a linear layer, nothing pre-trained",
    paper: "Chen & Lerch 2022, arXiv:2211.08379")

  public var model: any Classifier { network.model }
  private let network: Reprogramming

  public init(_ setup: MethodSetup) throws {
    network = try .without(backbone: setup, Self.card, part: "unet")
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss { network.loss(batch, mode) }
}
