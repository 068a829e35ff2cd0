// How a model is run: passed along, never global.
import Autograd

/// Whether a model trains (dropout on, batch statistics, recording) and where chance comes from.
public struct Mode {
  public let training: Bool
  public let random: RandomSource
  /// Whether parameters are recorded, so that gradients reach them.
  public let records: Bool
  /// What the factors of matrix products are rounded to.
  public let precision: Precision

  /// `records` follows `training` unless said: gradients in evaluation mode are rare.
  public init(
    training: Bool, random: RandomSource, records: Bool? = nil, precision: Precision = .fp32
  ) {
    self.training = training
    self.random = random
    self.records = records ?? training
    self.precision = precision
  }

  public static func training(_ random: RandomSource, precision: Precision = .fp32) -> Mode {
    Mode(training: true, random: random, precision: precision)
  }

  /// No chance, running statistics, nothing recorded.
  public static func evaluation(precision: Precision = .fp32) -> Mode {
    Mode(training: false, random: RandomSource(Generator(seed: 0)), precision: precision)
  }

  /// The same without recording: a teacher's forward pass.
  public var unrecorded: Mode {
    Mode(training: training, random: random, records: false, precision: precision)
  }

  /// For a part whose weights stay as they are: no chance, running statistics, no parameter
  /// recorded; gradients pass through to its input.
  public var frozen: Mode {
    Mode(training: false, random: random, records: false, precision: precision)
  }

  /// The same with float32 products: where they are few and a ReLU decides on them.
  public var exact: Mode { Mode(training: training, random: random, records: records) }

  /// The parameter as this mode uses it.
  public func use(_ parameter: Parameter) -> Tensor {
    records ? parameter.tensor : parameter.value
  }
}
