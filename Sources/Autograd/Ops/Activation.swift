// Functions of one value at a time.
import CKernels

extension Tensor {
  /// max(x, 0); slope 0 at 0.
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

  /// Limited to low...high; slope 1 inside, both ends included, 0 outside.
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

  /// Inverted dropout: 0 with probability `rate`, else x / (1 - rate). One draw from `random`
  /// seeds all values, so the stream does not depend on the shape.
  public func dropout(_ rate: Float, _ random: RandomSource) -> Tensor {
    precondition((0..<1).contains(rate), "dropout rate \(rate); expected 0 up to below 1")
    guard rate > 0 else { return self }
    return dropped(rate, seed: random.generator.next())
  }

  private func dropped(_ rate: Float, seed: UInt64) -> Tensor {
    let result = Tensor(uninitialized: shape)
    parallelParts(count) { start, length in
      scant_dropout(pointer + start, seed, start, rate, result.pointer + start, length)
    }
    // Linear in x: the same draws applied to the slope are its transpose.
    return result.recorded("dropout", from: self) { [$0.dropped(rate, seed: seed)] }
  }

  private typealias Floats = UnsafePointer<Float>
  private typealias Result = UnsafeMutablePointer<Float>

  /// y[i] = f(x[i]) by a C loop.
  private func map(_ loop: @Sendable (Floats, Result, Int) -> Void) -> Tensor {
    let result = Tensor(uninitialized: shape)
    parallelParts(count) { start, length in
      loop(pointer + start, result.pointer + start, length)
    }
    return result
  }

  /// dx[i] from this tensor (x or y, whichever the derivative is told by) and dy[i].
  private func pulled(
    _ slope: Tensor, _ loop: @Sendable (Floats, Floats, Result, Int) -> Void
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    parallelParts(count) { start, length in
      loop(pointer + start, slope.pointer + start, result.pointer + start, length)
    }
    return result
  }
}
