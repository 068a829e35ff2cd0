import Autograd

/// The mode in which a model runs: training or evaluation, with a source of random numbers. It is
/// passed along; there is no global mode.
///
/// ```swift
/// let random = RandomSource(Generator(seed: 1))
/// let layer = Linear(8, 2, random: random)
/// let x = Tensor.zeros([4, 8])
/// let trained = layer(x, .training(random))  // recorded on the tape
/// let evaluated = layer(x, .evaluation())  // a constant
/// ```
public struct Mode {
  /// Whether dropout is active and batch statistics are used.
  public private(set) var training: Bool
  /// The source of random numbers.
  public let random: RandomSource
  /// Whether parameters are recorded on the tape, so that gradients reach them.
  public private(set) var records: Bool
  /// The precision of matrix products.
  public private(set) var precision: Precision
  /// What parameters are replaced by, by their identity.
  private var replaced: [ObjectIdentifier: Tensor] = [:]
  /// What follows linear layers, by the identity of their weight.
  private var inserted: [ObjectIdentifier: (Tensor) -> Tensor] = [:]
  /// The number of steps taken in this stage of the training, for weights that rise over steps.
  public let step: Int

  /// `records` follows `training` unless said: gradients in evaluation mode are rare.
  public init(
    training: Bool, random: RandomSource, records: Bool? = nil, precision: Precision = .fp32,
    step: Int = 0
  ) {
    self.step = step
    self.training = training
    self.random = random
    self.records = records ?? training
    self.precision = precision
  }

  /// Training: dropout, batch statistics, recording on the tape.
  public static func training(
    _ random: RandomSource, precision: Precision = .fp32, step: Int = 0
  ) -> Mode {
    Mode(training: true, random: random, precision: precision, step: step)
  }

  /// Deterministic: no dropout, running statistics, no gradients recorded.
  public static func evaluation(precision: Precision = .fp32) -> Mode {
    Mode(training: false, random: RandomSource(Generator(seed: 0)), precision: precision)
  }

  /// The same mode without a tape, for the forward pass of a teacher.
  public var unrecorded: Mode {
    var mode = self
    mode.records = false
    return mode
  }

  /// The mode for a frozen part: no dropout, running statistics, parameters as constants. Gradients
  /// still reach its input.
  public var frozen: Mode {
    var mode = unrecorded
    mode.training = false
    return mode
  }

  /// The same with float32 products, for small products whose sign a ReLU uses.
  public var exact: Mode {
    var mode = self
    mode.precision = .fp32
    return mode
  }

  /// The mode in which parameters have other values, through which gradients can flow, for example
  /// to a change that is learned. Values have the shapes of their parameters.
  public func replacing(_ values: [(parameter: Parameter, value: Tensor)]) -> Mode {
    var mode = self
    for (parameter, value) in values {
      precondition(
        value.shape == parameter.value.shape,
        "a value of shape \(value.shape) for a parameter of \(parameter.value.shape)")
      mode.replaced[ObjectIdentifier(parameter)] = value
    }
    return mode
  }

  /// The mode in which functions of the output [..., N] follow linear layers, which are named by
  /// their weight. They come before the residual and GELU and keep the shape.
  public func inserting(_ functions: [(behind: Parameter, function: (Tensor) -> Tensor)]) -> Mode {
    var mode = self
    for (weight, function) in functions { mode.inserted[ObjectIdentifier(weight)] = function }
    return mode
  }

  /// What follows the linear layer with this weight; nil for nothing.
  func follower(of weight: Parameter) -> ((Tensor) -> Tensor)? {
    inserted.isEmpty ? nil : inserted[ObjectIdentifier(weight)]
  }

  /// The value of a parameter: recorded on the tape if this mode records, otherwise a constant.
  public func use(_ parameter: Parameter) -> Tensor {
    if !replaced.isEmpty, let value = replaced[ObjectIdentifier(parameter)] { return value }
    return records ? parameter.tensor : parameter.value
  }
}
