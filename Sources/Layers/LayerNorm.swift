// Layer normalisation as a layer.
import Autograd

/// Over the last axis of [..., width]; ε is 1e-12 unless given, as the transformers here were
/// trained.
/// Paper: Ba, Kiros & Hinton 2016, arXiv:1607.06450.
public struct LayerNorm: Parametric {
  /// γ and β, [width]
  public let weight: Parameter
  public let bias: Parameter

  private let epsilon: Float

  public init(_ width: Int, epsilon: Float = 1e-12) {
    self.epsilon = epsilon
    weight = Parameter(Tensor(repeating: 1, [width]))
    bias = Parameter(.zeros([width]))
  }

  public func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    x.layerNorm(mode.use(weight), mode.use(bias), epsilon: epsilon)
  }
}
