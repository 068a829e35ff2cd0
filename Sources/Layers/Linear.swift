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
    let (w, b) = (mode.use(weight), bias.map(mode.use))
    guard let follower = mode.follower(of: weight) else {
      return x.linear(w, b, adding: residual, gelu: gelu, precision: mode.precision)
    }
    let output = follower(x.linear(w, b, precision: mode.precision))
    let sum = residual.map { $0 + output } ?? output
    return gelu ? sum.gelu() : sum
  }

  /// Applies several layers to the same input and concatenates the results: [..., inputs] →
  /// [..., Σ outputs].
  public static func together(_ layers: [Linear], _ x: Tensor, _ mode: Mode) -> Tensor {
    x.linear(
      layers.map { (mode.use($0.weight), $0.bias.map(mode.use)) }, precision: mode.precision)
  }
}

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

/// Dropout: in training mode each value becomes 0 with probability `rate`, and the others are
/// scaled by 1 / (1 − rate). In evaluation mode nothing happens.
///
/// ```swift
/// let random = RandomSource(Generator(seed: 1))
/// let layer = Dropout(0.5)
/// let dropped = layer(Tensor(repeating: 1, [4, 10]), .training(random))  // zeros and twos
/// ```
///
/// Paper: Srivastava et al. 2014, JMLR 15:1929.
public struct Dropout: Parametric {
  /// The probability of a value to become 0.
  public let rate: Float

  /// A layer that drops values with probability `rate`, in 0..<1.
  public init(_ rate: Double) { self.rate = Float(rate) }

  /// The random draw of one application; nil in evaluation mode.
  func draw(_ mode: Mode) -> DropoutDraw? {
    mode.training ? DropoutDraw(rate, mode.random) : nil
  }

  /// Drops values of `x`, of any shape.
  public func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    mode.training ? x.dropout(rate, mode.random) : x
  }
}
