// The dense layer.
import Autograd

/// y = x·Wᵀ + b for x [..., inputs] → [..., outputs].
public struct Linear: Parametric {
  /// [outputs, inputs]
  public let weight: Parameter
  /// [outputs]
  public let bias: Parameter?

  public init(
    _ inputs: Int, _ outputs: Int, bias: Bool = true,
    initialization: Initialization = .reciprocalRoot, random: RandomSource
  ) {
    weight = initialization.weight([outputs, inputs], fanIn: inputs, random)
    self.bias = bias ? initialization.bias(outputs, fanIn: inputs, random) : nil
  }

  public func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    x.linear(mode.use(weight), bias.map(mode.use))
  }
}
