// Fine-tuning: a pre-trained network trained further as a whole.
import Autograd
import Datasets
import Layers

/// The network of `reprogram-linear` with every weight trained: the expensive way to use what was
/// learned before.
/// Paper: AST-TL of Chen & Lerch 2022, arXiv:2211.08379; Gong, Chung & Glass 2021,
/// arXiv:2104.01778.
/// Differs: the network's own head, which no loss reaches, is neither trained nor counted.
public final class FineTune: Method {
  public static let card = Card(
    id: "fine-tune", title: "Fine-tuning",
    summary: "all weights of a pre-trained network are trained further, under a fresh linear layer",
    paper: "Chen & Lerch 2022, arXiv:2211.08379")

  public var model: any Classifier { network.model }
  private let network: Reprogramming

  public init(_ setup: MethodSetup) throws {
    network = try .of(setup, Self.card, isFrozen: false)
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss { network.loss(batch, mode) }
}
