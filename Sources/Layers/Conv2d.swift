import Autograd

/// A two-dimensional convolution layer: [B, H, W, inputs] → [B, H′, W′, outputs] with
/// H′ = ⌊(H + 2·padding − kh) / stride⌋ + 1.
///
/// ```swift
/// let random = RandomSource(Generator(seed: 1))
/// let layer = Conv2d(1, 16, kernel: Extent(3), padding: Extent(1), random: random)
/// let maps = layer(Tensor.zeros([8, 64, 47, 1]), .evaluation())  // [8, 64, 47, 16]
/// ```
public struct Conv2d: Parametric {
  /// The kernels, [outputs, inputs, kh, kw].
  public let weight: Parameter
  /// [outputs]; nil for a layer without bias.
  public let bias: Parameter?
  /// The distance between windows.
  public let stride: Extent
  /// The zeros on each side.
  public let padding: Extent

  /// A layer with random initial weights.
  ///
  /// - Parameters:
  ///   - inputs: The number of input channels.
  ///   - outputs: The number of output channels.
  ///   - kernel: The size of the kernels.
  ///   - stride: The distance between windows.
  ///   - padding: Zeros on each side.
  ///   - bias: Whether there is a bias; batch normalisation makes it redundant.
  ///   - initialization: The distribution of the initial weights.
  ///   - random: Draws the initial weights.
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

  /// Convolves images [B, H, W, inputs].
  public func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    x.conv2d(
      mode.use(weight), bias.map(mode.use), stride: stride, padding: padding,
      precision: mode.precision)
  }
}
