import Autograd

/// Batch normalisation with running statistics, over [B, C], [B, T, C] or [B, H, W, C].
///
/// ```swift
/// let random = RandomSource(Generator(seed: 1))
/// let norm = BatchNorm(16)
/// let images = Tensor(repeating: 1, [8, 12, 12, 16])
/// let halved = norm(images, relu: true, pool: Extent(2), .training(random))  // [8, 6, 6, 16]
/// ```
///
/// In training mode the batch statistics are used, and they update the running ones. In evaluation
/// mode the running statistics are used. The conventions are PyTorch's: ε is 1e-5, the momentum is
/// 0.1 and the running variance is unbiased. Paper: Ioffe & Szegedy 2015, arXiv:1502.03167.
public struct BatchNorm: Parametric {
  /// γ, [C].
  public let weight: Parameter
  /// β, [C].
  public let bias: Parameter
  /// The running mean, a buffer [C].
  public let runningMean: Parameter
  /// The running unbiased variance, a buffer [C].
  public let runningVar: Parameter

  /// ε, added to the variance.
  public static let epsilon: Float = 1e-5
  /// The weight of the batch in the running statistics.
  public static let momentum: Float = 0.1

  /// A layer for `channels` channels C, with γ = 1, β = 0, running mean 0 and running variance 1.
  public init(_ channels: Int) {
    weight = Parameter(Tensor(repeating: 1, [channels]))
    bias = Parameter(.zeros([channels]))
    runningMean = Parameter(.zeros([channels]), isTrainable: false)
    runningVar = Parameter(Tensor(repeating: 1, [channels]), isTrainable: false)
  }

  /// Normalises `x` [..., C] and applies the operations that usually follow, in the same pass.
  ///
  /// - Parameters:
  ///   - x: The input, [..., C].
  ///   - adding: A residual of the shape of `x`; nil for none.
  ///   - relu: Whether to apply ReLU, after the residual.
  ///   - pool: The window of a max-pooling without overlap, after ReLU; nil for none.
  ///   - dropout: Dropout after ReLU; not together with `adding` or `pool`.
  ///   - mode: Training or evaluation.
  /// - Returns: The shape of `x`, or [B, H / pool.height, W / pool.width, C].
  public func callAsFunction(
    _ x: Tensor, adding: Tensor? = nil, relu: Bool = false, pool: Extent? = nil,
    dropout: Dropout? = nil, _ mode: Mode
  ) -> Tensor {
    let epilogue = Epilogue(adding: adding, relu: relu, pool: pool, dropout: dropout?.draw(mode))
    guard mode.training else {
      return x.batchNorm(
        mode.use(weight), mode.use(bias), mean: runningMean.value, variance: runningVar.value,
        epsilon: Self.epsilon, epilogue)
    }
    let result = x.batchNorm(mode.use(weight), mode.use(bias), epsilon: Self.epsilon, epilogue)
    let entries = Float(x.count / max(weight.value.count, 1))
    move(runningMean, toward: result.mean)
    move(runningVar, toward: result.variance * (entries / max(entries - 1, 1)))
    return result.output
  }

  private func move(_ buffer: Parameter, toward moment: Tensor) {
    buffer.value = buffer.value.averaged(with: moment, share: 1 - Double(Self.momentum))
  }
}

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
