import Autograd

/// The head of a reprogrammed network: layer normalisation and a dense layer, [B, D] → logits
/// [B, C].
///
/// ```swift
/// let mapping = OutputMapping(768, 20, random: RandomSource(Generator(seed: 1)))
/// let logits = mapping(Tensor.zeros([4, 768]), .evaluation())  // [4, 20]
/// ```
///
/// Paper: the output mapping of Chen & Lerch 2022, arXiv:2211.08379. It has 16,916 parameters from
/// D = 768 to C = 20.
public struct OutputMapping: Parametric {
  private let layernorm: LayerNorm
  private let dense: Linear

  /// A head for D = `features` and C = `classes`, with random initial weights.
  public init(_ features: Int, _ classes: Int, random: RandomSource) {
    layernorm = LayerNorm(features, epsilon: 1e-5)
    dense = Linear(features, classes, random: random)
  }

  /// The logits [B, C] of features [B, D].
  public func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    dense(layernorm(x, mode), mode)
  }
}
