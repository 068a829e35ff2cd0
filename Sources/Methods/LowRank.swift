// LoRA and BitFit: few values of a pre-trained network are trained instead of its input.
import Autograd
import Layers

/// Low-rank adaptation: a weight matrix W of the frozen network becomes W + (α/r)·B·A, where A has
/// r rows and B r columns. Only A, B and the output mapping are trained. B starts at 0, so that
/// training starts from the network as it is. The weights are those of queries and values, or all
/// of a network without attention.
/// Paper: Hu et al. 2022, arXiv:2106.09685.
/// Differs: convolutions count as matrices [outputs, inputs · kernel].
public enum LowRankAdaptation: ReprogrammingDesign {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "lora", title: "Low-rank adaptation (LoRA)",
    summary: "a frozen network whose weights are changed by small matrices, and a linear layer",
    paper: "Hu et al. 2022, arXiv:2106.09685", hyperparameters: [rank, scale])
  public static let backbone = ReprogrammingBackbone.frozen

  private static let rank = Hyperparameter<Int>(
    "rank", "rank", help: "r: rows of A and columns of B", initial: 8, range: 1...256)
  private static let scale = Hyperparameter<Double>(
    "scale", "scale", help: "α: the change of a weight is α/r · B·A", initial: 8,
    range: 0.01...1000)

  public static func updates(
    _ backbone: any Backbone, _ setup: MethodSetup
  ) -> (any BackboneUpdates)? {
    LowRankUpdates(
      of: backbone, rank: setup[rank], scale: setup[scale], random: setup.random)
  }
}

/// BitFit: only the biases of the network and the output mapping are trained.
/// Paper: Ben Zaken et al. 2022, arXiv:2106.10199.
public enum BiasesOnly: ReprogrammingDesign {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "bitfit", title: "Biases only (BitFit)",
    summary: "only the biases of a pre-trained network are trained further, and a linear layer",
    paper: "Ben Zaken et al. 2022, arXiv:2106.10199")
  public static let backbone = ReprogrammingBackbone.biases
}

/// The matrices A and B of the weights of a network.
struct LowRankUpdates: BackboneUpdates {
  private struct Update {
    let name: String
    let weight: Parameter
    /// A, [r, inputs], and B, [outputs, r].
    let down, up: Parameter
  }
  private let updates: [Update]
  private let factor: Float

  /// Updates of rank `rank`, or less where a matrix is smaller, times `scale`/`rank`.
  init(of backbone: any Backbone, rank: Int, scale: Double, random: RandomSource) {
    factor = Float(scale / Double(rank))
    let weights = backbone.body.filter { name, parameter in
      name.hasSuffix("weight") && parameter.value.shape.count > 1
    }
    let attention = weights.filter { $0.name.contains("query") || $0.name.contains("value") }
    updates = (attention.isEmpty ? weights : attention).map { name, weight in
      let outputs = weight.value.shape[0]
      let inputs = weight.value.count / max(1, outputs)
      let used = min(rank, outputs, inputs)
      let down = Linear(inputs, used, bias: false, random: random).weight
      return Update(
        name: name, weight: weight, down: down, up: Parameter(.zeros([outputs, used])))
    }
  }

  var namedParameters: NamedParameters {
    updates.flatMap { [("\($0.name).down", $0.down), ("\($0.name).up", $0.up)] }
  }

  /// The mode in which the network computes with the changed weights.
  func applied(in mode: Mode, frozen: Mode) -> Mode {
    frozen.replacing(
      updates.map { update in
        let change = mode.use(update.up).matmul(mode.use(update.down)) * factor
        return (update.weight, update.weight.value + change.reshape(update.weight.value.shape))
      })
  }
}
