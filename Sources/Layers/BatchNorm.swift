// Batch normalisation with running statistics.
import Autograd

/// Over [B, C], [B, T, C] or [B, H, W, C], with PyTorch's conventions: ε 1e-5, momentum 0.1,
/// running variance unbiased. Training uses the batch's moments and moves the running ones.
public struct BatchNorm: Parametric {
  /// γ and β, [C]
  public let weight: Parameter
  public let bias: Parameter
  /// [C], buffers
  public let runningMean: Parameter
  public let runningVar: Parameter

  public static let epsilon: Float = 1e-5
  public static let momentum: Float = 0.1

  public init(_ channels: Int) {
    weight = Parameter(Tensor(repeating: 1, [channels]))
    bias = Parameter(.zeros([channels]))
    runningMean = Parameter(.zeros([channels]), isTrainable: false)
    runningVar = Parameter(Tensor(repeating: 1, [channels]), isTrainable: false)
  }

  /// `adding`, `relu` (max(·, 0)) and `pool` follow in this order, in the same pass; after a ReLU
  /// without the two others, `dropout`.
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
