// How a model is run: passed along, never global.
import Autograd

/// Whether a model trains (dropout on, batch statistics, recording) and where chance comes from.
public struct Mode {
  public private(set) var training: Bool
  public let random: RandomSource
  /// Whether parameters are recorded, so that gradients reach them.
  public private(set) var records: Bool
  /// What the factors of matrix products are rounded to.
  public private(set) var precision: Precision
  /// Updates made so far in this stage of the training, for weights that rise with them.
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

  public static func training(
    _ random: RandomSource, precision: Precision = .fp32, step: Int = 0
  ) -> Mode {
    Mode(training: true, random: random, precision: precision, step: step)
  }

  /// Deterministic: no dropout, running statistics, no gradients recorded.
  public static func evaluation(precision: Precision = .fp32) -> Mode {
    Mode(training: false, random: RandomSource(Generator(seed: 0)), precision: precision)
  }

  /// The same without recording: a teacher's forward pass.
  public var unrecorded: Mode {
    var mode = self
    mode.records = false
    return mode
  }

  /// For a part whose weights stay as they are: no dropout, running statistics, no parameter
  /// recorded; gradients pass through to its input.
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

  /// The parameter as this mode uses it.
  public func use(_ parameter: Parameter) -> Tensor {
    records ? parameter.tensor : parameter.value
  }
}
