// Element-wise functions.
import CKernels

extension Tensor {
  /// The rectified linear unit max(x, 0). The gradient at 0 is 0.
  public func relu() -> Tensor {
    let y = map { scant_relu($0, $1, $2) }
    return y.recorded("relu", from: self) { [y.pulled($0) { scant_relu_back($0, $1, $2, $3) }] }
  }

  /// The logistic function 1 / (1 + e⁻ˣ), accurate to about 3 units in the last place.
  public func sigmoid() -> Tensor {
    let y = map { scant_sigmoid($0, $1, $2) }
    return y.recorded("sigmoid", from: self) {
      [y.pulled($0) { scant_sigmoid_back($0, $1, $2, $3) }]
    }
  }

  /// The values limited to low...high. The gradient is 1 inside, both ends included, and 0 outside.
  public func clamp(_ low: Float, _ high: Float) -> Tensor {
    let x = detached
    return map { scant_clamp($0, low, high, $1, $2) }.recorded("clamp", from: self) {
      [x.pulled($0) { scant_clamp_back($0, low, high, $1, $2, $3) }]
    }
  }

  /// The exponential eˣ, with x limited to ±87.
  public func exp() -> Tensor {
    let y = map { scant_exp($0, $1, $2) }
    return y.recorded("exp", from: self) { [$0 * y] }
  }

  /// The natural logarithm of each value, for values above 0.
  public func log() -> Tensor {
    let x = detached
    return map { scant_log($0, $1, $2) }.recorded("log", from: self) { [$0 / x] }
  }

  typealias Floats = UnsafePointer<Float>
  typealias Results = UnsafeMutablePointer<Float>

  /// y[i] = f(x[i]) by a C loop.
  func map(_ loop: @Sendable (Floats, Results, Int) -> Void) -> Tensor {
    let result = Tensor(uninitialized: shape)
    parallelParts(count) { start, length in
      loop(pointer + start, result.pointer + start, length)
    }
    return result
  }

  /// dx[i] by a C loop, from dy[i] and this tensor: x or y, whichever the derivative depends on.
  func pulled(
    _ gradient: Tensor, _ loop: @Sendable (Floats, Floats, Results, Int) -> Void
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    parallelParts(count) { start, length in
      loop(pointer + start, gradient.pointer + start, result.pointer + start, length)
    }
    return result
  }
}
