// Adapters: small layers between those of a frozen network.
import Autograd
import Layers

/// Bottleneck adapters: behind each attention and each feed-forward part of a frozen transformer,
/// before the residual is added, h becomes h + U·gelu(D·h + d) + u. D has as many rows as the
/// bottleneck is wide. Only the adapters and the output mapping are trained. U and u start at 0, so
/// that training starts from the network as it is. A network without attention gets one adapter,
/// behind its embedding.
/// Paper: Houlsby et al. 2019, arXiv:1902.00751.
/// Differs: layer norms stay frozen; U starts at 0 instead of near 0.
public enum BottleneckAdapters: ReprogrammingDesign {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "adapters", title: "Adapters",
    summary: "a frozen network with small trained layers between its own, and a linear layer",
    paper: "Houlsby et al. 2019, arXiv:1902.00751", hyperparameters: [bottleneck])
  public static let backbone = ReprogrammingBackbone.frozen

  private static let bottleneck = Hyperparameter<Int>(
    "bottleneck", "bottleneck", help: "values in the middle of an adapter", initial: 16,
    range: 1...1024)

  public static func updates(
    _ backbone: any Backbone, _ setup: MethodSetup
  ) -> (any BackboneUpdates)? {
    AdapterUpdates(of: backbone, bottleneck: setup[bottleneck], random: setup.random)
  }
}

/// h + U·gelu(D·h + d) + u, [..., width] → [..., width].
struct Adapter: Parametric {
  private let down, up: Linear

  init(width: Int, bottleneck: Int, random: RandomSource) {
    down = Linear(width, bottleneck, random: random)
    up = Linear(bottleneck, width, random: random)
    for parameter in up.namedParameters.map(\.parameter) {
      parameter.value = .zeros(parameter.value.shape)
    }
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    up(down(x, gelu: true, mode), adding: x, mode)
  }
}

/// The adapters of a network, by the weight of the layer in front of each.
struct AdapterUpdates: BackboneUpdates {
  private let adapters: [(name: String, weight: Parameter, adapter: Adapter)]
  /// Behind the embedding of a network without attention.
  private let last: Adapter?

  init(of backbone: any Backbone, bottleneck: Int, random: RandomSource) {
    adapters = backbone.sublayerOutputs.map { name, weight in
      let width = weight.value.shape[0]
      return (name, weight, Adapter(width: width, bottleneck: bottleneck, random: random))
    }
    last =
      adapters.isEmpty
      ? Adapter(width: backbone.embeddingWidth, bottleneck: bottleneck, random: random) : nil
  }

  var namedParameters: NamedParameters {
    adapters.flatMap { $0.adapter.namedParameters(under: $0.name) }
      + (last?.namedParameters(under: "embedding") ?? [])
  }

  func applied(in mode: Mode, frozen: Mode) -> Mode {
    frozen.inserting(
      adapters.map { entry in (entry.weight, { entry.adapter($0, mode) }) })
  }

  func embedding(_ embedding: Tensor, _ mode: Mode) -> Tensor {
    last.map { $0(embedding, mode) } ?? embedding
  }
}
