// Functions of single values that differentiate themselves.
import Foundation

/// A number with its derivative by one variable, in double precision. A formula of dual numbers
/// computes its own derivative with its value (forward-mode differentiation).
///
/// ```swift
/// let x = Dual.variable(0.5)
/// let y = x * x + 1.0  // y.value is 1.25, y.derivative is 1
/// ```
///
/// Paper: Wengert 1964, "A simple automatic derivative evaluation program", CACM 7:463.
public struct Dual: Sendable, Equatable {
  /// The value.
  public let value: Double
  /// The derivative by the variable.
  public let derivative: Double

  /// A number with its derivative; a constant if `derivative` is left out.
  public init(_ value: Double, derivative: Double = 0) {
    self.value = value
    self.derivative = derivative
  }

  /// The variable itself: its derivative is 1.
  public static func variable(_ value: Double) -> Dual { Dual(value, derivative: 1) }

  /// The same value as a constant, through which no derivative passes.
  public var constant: Dual { Dual(value) }
}

extension Dual {
  public static func + (a: Dual, b: Dual) -> Dual {
    Dual(a.value + b.value, derivative: a.derivative + b.derivative)
  }

  public static func - (a: Dual, b: Dual) -> Dual {
    Dual(a.value - b.value, derivative: a.derivative - b.derivative)
  }

  public static func * (a: Dual, b: Dual) -> Dual {
    Dual(a.value * b.value, derivative: a.derivative * b.value + a.value * b.derivative)
  }

  public static func + (a: Dual, b: Double) -> Dual { Dual(a.value + b, derivative: a.derivative) }
  public static func - (a: Dual, b: Double) -> Dual { Dual(a.value - b, derivative: a.derivative) }
  public static func * (a: Double, b: Dual) -> Dual {
    Dual(a * b.value, derivative: a * b.derivative)
  }
  public static func - (a: Double, b: Dual) -> Dual { Dual(a - b.value, derivative: -b.derivative) }
  public static prefix func - (a: Dual) -> Dual { Dual(-a.value, derivative: -a.derivative) }
}

extension Dual {
  /// The natural logarithm.
  public var log: Dual { Dual(Foundation.log(value), derivative: derivative / value) }

  /// The logistic function 1 / (1 + e⁻ˣ).
  public var sigmoid: Dual {
    let decay = exp(-abs(value))
    let p = (value >= 0 ? 1 : decay) / (1 + decay)
    return Dual(p, derivative: derivative * decay / ((1 + decay) * (1 + decay)))
  }

  /// ln(1 + eˣ), which is −ln σ(−x).
  public var softplus: Dual {
    Dual(max(value, 0) + log1p(exp(-abs(value))), derivative: derivative * sigmoid.value)
  }

  /// xᵉ for x ≥ 0. The derivative of x⁰ is 0.
  public func power(_ exponent: Double) -> Dual {
    let steepness = exponent == 0 ? 0 : exponent * pow(value, exponent - 1)
    return Dual(pow(value, exponent), derivative: derivative * steepness)
  }

  /// The value limited to `range`. The derivative passes inside, both ends included.
  public func clamped(to range: ClosedRange<Double>) -> Dual {
    range.contains(value)
      ? self : Dual(min(max(value, range.lowerBound), range.upperBound))
  }
}

extension Tensor {
  /// y[i] = f(x[i], i), of the shape of this tensor, for a formula f of dual numbers. The formula
  /// is computed once for each value on the calling thread, so this is for losses of a few thousand
  /// entries, not for the inner layers of a network.
  public func mapEntries(_ formula: (_ x: Dual, _ index: Int) -> Dual) -> Tensor {
    let results = values.enumerated().map { formula(.variable(Double($1)), $0) }
    let derivatives = Tensor(results.map { Float($0.derivative) }, shape)
    return Tensor(results.map { Float($0.value) }, shape)
      .recorded("mapEntries", from: self) { [$0 * derivatives] }
  }
}
