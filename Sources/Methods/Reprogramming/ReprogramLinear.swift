// A linear probe: the frozen network's embedding, read anew.
import Autograd
import Datasets
import Layers

/// A frozen network, and an output mapping on its embedding: layer norm, then a linear layer.
/// 16,916 parameters are trained from 768 values to 20 classes.
/// Paper: "AST with simple mapping", AST-BS of Chen & Lerch 2022, arXiv:2211.08379.
public final class ReprogramLinear: Method {
  public static let card = Card(
    id: "reprogram-linear", title: "Linear probe",
    summary: "a frozen network; layer norm and a linear layer on its embedding learn the classes",
    paper: "Chen & Lerch 2022, arXiv:2211.08379")

  public var model: any Classifier { network.model }
  private let network: Reprogramming

  public init(_ setup: MethodSetup) throws {
    network = try .of(setup, Self.card)
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss { network.loss(batch, mode) }
}
