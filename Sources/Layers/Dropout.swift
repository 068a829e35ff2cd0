import Autograd

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
