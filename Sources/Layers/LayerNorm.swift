import Autograd

/// Layer normalisation over the last axis of [..., D].
///
/// ```swift
/// let norm = LayerNorm(64)
/// let tokens = norm(Tensor(repeating: 1, [2, 10, 64]), .evaluation())
/// ```
///
/// Paper: Ba, Kiros & Hinton 2016, arXiv:1607.06450.
public struct LayerNorm: Parametric {
  /// γ, [D].
  public let weight: Parameter
  /// β, [D].
  public let bias: Parameter

  private let epsilon: Float

  /// A layer for rows of `width` values D, with γ = 1 and β = 0. The default ε is that of the
  /// published transformers here.
  public init(_ width: Int, epsilon: Float = 1e-12) {
    self.epsilon = epsilon
    weight = Parameter(Tensor(repeating: 1, [width]))
    bias = Parameter(.zeros([width]))
  }

  /// Normalises each row of `x` [..., D].
  public func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    x.layerNorm(mode.use(weight), mode.use(bias), epsilon: epsilon)
  }
}
