// The two-dimensional convolution layer.
import Autograd

/// [B, H, W, inputs] → [B, H′, W′, outputs].
public struct Conv2d: Parametric {
  /// [outputs, inputs, kh, kw]
  public let weight: Parameter
  /// [outputs]
  public let bias: Parameter?
  public let stride: Extent
  public let padding: Extent

  public init(
    _ inputs: Int, _ outputs: Int, kernel: Extent, stride: Extent = Extent(1),
    padding: Extent = Extent(0), bias: Bool = true,
    initialization: Initialization = .reciprocalRoot, random: RandomSource
  ) {
    let fanIn = inputs * kernel.height * kernel.width
    weight = initialization.weight(
      [outputs, inputs, kernel.height, kernel.width], fanIn: fanIn, random)
    self.bias = bias ? initialization.bias(outputs, fanIn: fanIn, random) : nil
    self.stride = stride
    self.padding = padding
  }

  public func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    x.conv2d(
      mode.use(weight), bias.map(mode.use), stride: stride, padding: padding,
      precision: mode.precision)
  }
}
