import Autograd

/// A dense layer: y = x·Wᵀ + b, [..., inputs] → [..., outputs].
///
/// ```swift
/// let random = RandomSource(Generator(seed: 1))
/// let layer = Linear(128, 20, random: random)
/// let logits = layer(Tensor.zeros([8, 128]), .evaluation())  // [8, 20]
/// ```
public struct Linear: Parametric {
  /// W, [outputs, inputs].
  public let weight: Parameter
  /// b, [outputs]; nil for a layer without bias.
  public let bias: Parameter?

  /// A layer with random initial weights.
  ///
  /// - Parameters:
  ///   - inputs: The number of input features.
  ///   - outputs: The number of output features.
  ///   - bias: Whether there is a bias.
  ///   - initialization: The distribution of the initial weights.
  ///   - random: Draws the initial weights.
  public init(
    _ inputs: Int, _ outputs: Int, bias: Bool = true,
    initialization: Initialization = .reciprocalRoot, random: RandomSource
  ) {
    weight = initialization.weight([outputs, inputs], fanIn: inputs, random)
    self.bias = bias ? initialization.bias(outputs, fanIn: inputs, random) : nil
  }

  /// Applies the layer to `x` [..., inputs].
  ///
  /// - Parameters:
  ///   - x: The input.
  ///   - residual: Added to the result; of the result's shape; nil for none.
  ///   - gelu: Whether to apply GELU, after the residual.
  ///   - mode: Training or evaluation.
  public func callAsFunction(
    _ x: Tensor, adding residual: Tensor? = nil, gelu: Bool = false, _ mode: Mode
  ) -> Tensor {
    x.linear(
      mode.use(weight), bias.map(mode.use), adding: residual, gelu: gelu,
      precision: mode.precision)
  }

  /// Applies several layers to the same input and concatenates the results: [..., inputs] →
  /// [..., Σ outputs].
  public static func together(_ layers: [Linear], _ x: Tensor, _ mode: Mode) -> Tensor {
    x.linear(
      layers.map { (mode.use($0.weight), $0.bias.map(mode.use)) }, precision: mode.precision)
  }
}
