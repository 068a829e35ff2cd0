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

  /// Then + `residual` [..., outputs], then GELU if `gelu`, in the same pass over the result.
  public func callAsFunction(
    _ x: Tensor, adding residual: Tensor? = nil, gelu: Bool = false, _ mode: Mode
  ) -> Tensor {
    x.linear(
      mode.use(weight), bias.map(mode.use), adding: residual, gelu: gelu,
      precision: mode.precision)
  }

  /// Several layers of the same input side by side: [..., Σ outputs].
  public static func together(_ layers: [Linear], _ x: Tensor, _ mode: Mode) -> Tensor {
    x.linear(
      layers.map { (mode.use($0.weight), $0.bias.map(mode.use)) }, precision: mode.precision)
  }
}
