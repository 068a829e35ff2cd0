// From features to answers about other classes than those they were learned for.
import Autograd

/// Layer norm, then a linear layer: [B, D] → logits [B, C]. 16,916 parameters from 768 to 20.
/// Paper: the output mapping of Chen & Lerch 2022, arXiv:2211.08379.
public struct OutputMapping: Parametric {
  private let layernorm: LayerNorm
  private let dense: Linear

  public init(_ features: Int, _ classes: Int, random: RandomSource) {
    layernorm = LayerNorm(features, epsilon: 1e-5)
    dense = Linear(features, classes, random: random)
  }

  public func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    dense(layernorm(x, mode), mode)
  }
}
