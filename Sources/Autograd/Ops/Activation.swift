// Functions of one value at a time.
import CKernels

extension Tensor {
  /// max(x, 0); gradient 0 at 0.
  public func relu() -> Tensor {
    let y = map { scant_relu($0, $1, $2) }
    return y.recorded("relu", from: self) { [y.pulled($0) { scant_relu_back($0, $1, $2, $3) }] }
  }

  /// 1 / (1 + e⁻ˣ), to about 3 units in the last place.
  public func sigmoid() -> Tensor {
    let y = map { scant_sigmoid($0, $1, $2) }
    return y.recorded("sigmoid", from: self) {
      [y.pulled($0) { scant_sigmoid_back($0, $1, $2, $3) }]
    }
  }

  /// Limited to low...high; gradient 1 inside, both ends included, 0 outside.
  public func clamp(_ low: Float, _ high: Float) -> Tensor {
    let x = detached
    return map { scant_clamp($0, low, high, $1, $2) }.recorded("clamp", from: self) {
      [x.pulled($0) { scant_clamp_back($0, low, high, $1, $2, $3) }]
    }
  }

  /// eˣ; x is limited to ±87.
  public func exp() -> Tensor {
    let y = map { scant_exp($0, $1, $2) }
    return y.recorded("exp", from: self) { [$0 * y] }
  }

  /// Natural logarithm.
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

  /// dx[i] from this tensor (x or y, whichever the derivative is told by) and dy[i].
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
