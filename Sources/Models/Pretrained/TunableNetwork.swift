// Published networks whose weights can be trained, frozen or replaced like those of any other.
import Autograd
import Layers

/// A network with published weights that turns patches of a picture into embeddings. Its own
/// classes are a function of the embedding; their weights stay as they are.
protocol PictureNetwork: Parametric {
  /// Patches [B, M, L] of M bands and L frames → embeddings [B, D].
  func embedding(_ patches: Tensor, _ mode: Mode) -> Tensor
  /// Embeddings [B, D] → the logits of the classes that it was trained on, [B, S].
  func sourceLogits(_ embedding: Tensor) -> Tensor
  /// The weights of the last layers of each attention and feed-forward part, with their names;
  /// empty for networks without attention.
  var sublayerOutputs: NamedParameters { get }
}

extension PictureNetwork {
  var sublayerOutputs: NamedParameters { [] }
}

/// A network of constants, as extractors have it, that lets others exchange its weights.
protocol ConstantNetwork: Sendable {
  /// Calls `body` with each weight that the embedding depends on, always in the same order.
  mutating func forEachWeight(_ body: (_ name: String, _ weight: inout Tensor) -> Void)
  /// Patches [B, M, L] → embeddings [B, D].
  func embedding(_ patches: Tensor) -> Tensor
  /// Embeddings [B, D] → logits [B, S].
  func sourceLogits(_ embedding: Tensor) -> Tensor
}

/// A network of constants with a parameter in the place of each weight. Batch normalisation stays
/// folded into the convolutions, so that training changes both together and moves no statistics.
struct TunableNetwork<Network: ConstantNetwork>: PictureNetwork {
  private let network: Network
  let namedParameters: NamedParameters

  init(_ network: Network) {
    self.network = network
    var (copy, found) = (network, NamedParameters())
    copy.forEachWeight { name, weight in found.append((name, Parameter(weight))) }
    namedParameters = found
  }

  func embedding(_ patches: Tensor, _ mode: Mode) -> Tensor {
    var (used, index) = (network, 0)
    used.forEachWeight { _, weight in
      weight = mode.use(namedParameters[index].parameter)
      index += 1
    }
    return used.embedding(patches)
  }

  func sourceLogits(_ embedding: Tensor) -> Tensor { network.sourceLogits(embedding) }
}

extension FoldedConvolution {
  mutating func forEachWeight(_ name: String, _ body: (String, inout Tensor) -> Void) {
    body("\(name).weight", &weight)
    body("\(name).bias", &bias)
  }
}

extension FrozenConvolution {
  mutating func forEachWeight(_ name: String, _ body: (String, inout Tensor) -> Void) {
    body("\(name).weight", &weight)
    body("\(name).bias", &bias)
  }
}

extension FrozenNormalization {
  /// γ and β; the moments stay.
  mutating func forEachWeight(_ name: String, _ body: (String, inout Tensor) -> Void) {
    body("\(name).weight", &gamma)
    body("\(name).bias", &beta)
  }
}

extension FrozenDense {
  mutating func forEachWeight(_ name: String, _ body: (String, inout Tensor) -> Void) {
    body("\(name).weight", &weight)
    body("\(name).bias", &bias)
  }
}
