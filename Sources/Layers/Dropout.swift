// Dropout as a layer: nothing outside training.
import Autograd

/// Zeroes values with probability `rate` and scales the rest by 1 / (1 − rate).
/// Paper: Srivastava et al. 2014, JMLR 15:1929.
public struct Dropout: Parametric {
  public let rate: Float

  public init(_ rate: Double) { self.rate = Float(rate) }

  /// What this application hides; nil outside training.
  func draw(_ mode: Mode) -> DropoutDraw? {
    mode.training ? DropoutDraw(rate, mode.random) : nil
  }

  public func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    mode.training ? x.dropout(rate, mode.random) : x
  }
}
