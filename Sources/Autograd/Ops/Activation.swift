// Element-wise functions.
import CKernels

extension Tensor {
  /// The rectified linear unit max(x, 0). The gradient at 0 is 0.
  public func relu() -> Tensor {
    let y = map(scant_relu)
    return y.recorded("relu", from: self) { [y.pulled($0, scant_relu_back)] }
  }

  /// The logistic function 1 / (1 + e⁻ˣ), accurate to about 3 units in the last place.
  public func sigmoid() -> Tensor {
    let y = map(scant_sigmoid)
    return y.recorded("sigmoid", from: self) { [y.pulled($0, scant_sigmoid_back)] }
  }

  /// The values limited to low...high. The gradient is 1 inside, both ends included, and 0 outside.
  public func clamp(_ low: Float, _ high: Float) -> Tensor {
    let x = detached
    return map { scant_clamp($0, low, high, $1, $2) }.recorded("clamp", from: self) {
      [x.pulled($0) { scant_clamp_back($0, low, high, $1, $2, $3) }]
    }
  }

  /// The hard swish x · min(max(x + 3, 0), 6) / 6. The gradient is 0 up to −3 and 1 from 3 on.
  /// Paper: Howard et al. 2019, arXiv:1905.02244.
  public func hardswish() -> Tensor {
    let x = detached
    return map { scant_hardswish($0, $1, $2) }.recorded("hardswish", from: self) {
      [x.pulled($0) { scant_hardswish_back($0, $1, $2, $3) }]
    }
  }

  /// The hard sigmoid min(max(x + 3, 0), 6) / 6. Paper: Howard et al. 2019, arXiv:1905.02244.
  public func hardSigmoid() -> Tensor { affine(scale: 1 / 6, shift: 0.5).clamp(0, 1) }

  /// The exponential eˣ, with x limited to ±87.
  public func exp() -> Tensor {
    let y = map(scant_exp)
    return y.recorded("exp", from: self) { [$0 * y] }
  }

  /// The natural logarithm of each value, for values above 0.
  public func log() -> Tensor {
    let x = detached
    return map(scant_log).recorded("log", from: self) { [$0 / x] }
  }

  /// The Gaussian error linear unit x·Φ(x), with the exact normal distribution function instead of
  /// its tanh approximation. Paper: Hendrycks & Gimpel 2016, arXiv:1606.08415.
  public func gelu() -> Tensor {
    let x = detached
    return map(grain: 8192, scant_gelu).recorded("gelu", from: self) { [x.geluGradient($0)] }
  }

  /// dx from the gradient of gelu(x), where x is this tensor.
  func geluGradient(_ gradient: Tensor) -> Tensor {
    pulled(gradient, grain: 8192, scant_gelu_back)
  }

  typealias Floats = UnsafePointer<Float>
  typealias Results = UnsafeMutablePointer<Float>

  /// y[i] = f(x[i]) by a kernel in C, in parallel parts of at most `grain` values.
  func map(
    grain: Int = 32_768, _ kernel: @Sendable (Floats, Results, Int) -> Void
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    parallelParts(count, grain: grain) { start, length in
      kernel(pointer + start, result.pointer + start, length)
    }
    return result
  }

  /// z[i] = f(x[i], y[i]) by a kernel in C. For the pullback of `map`: dx from the gradient dy and
  /// this tensor, which is x or y, whichever the derivative depends on.
  func pulled(
    _ gradient: Tensor, grain: Int = 32_768,
    _ kernel: @Sendable (Floats, Floats, Results, Int) -> Void
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    parallelParts(count, grain: grain) { start, length in
      kernel(pointer + start, gradient.pointer + start, result.pointer + start, length)
    }
    return result
  }
}

/// The random draw of one application of dropout: it drops the same values wherever it is applied.
public struct DropoutDraw: Sendable {
  let rate: Float
  let seed: UInt64

  /// Takes one number from `random`, which seeds all values; so the stream does not depend on the
  /// shape. nil if `rate` is 0; then nothing is drawn.
  ///
  /// - Precondition: `rate` is in 0..<1.
  public init?(_ rate: Float, _ random: RandomSource) {
    precondition((0..<1).contains(rate), "dropout rate \(rate); expected 0 up to below 1")
    guard rate > 0 else { return nil }
    self.rate = rate
    seed = random.generator.next()
  }

  /// The factor on the values that are kept.
  var scale: Float { 1 / (1 - rate) }
}

extension Tensor {
  /// Inverted dropout: each value becomes 0 with probability `rate`, otherwise x / (1 − rate).
  ///
  /// Paper: Srivastava et al. 2014, JMLR 15:1929.
  ///
  /// - Parameters:
  ///   - rate: The probability, in 0..<1, rounded to 1/65536.
  ///   - random: Draws one number per call.
  public func dropout(_ rate: Float, _ random: RandomSource) -> Tensor {
    DropoutDraw(rate, random).map { dropped($0) } ?? self
  }

  func dropped(_ draw: DropoutDraw) -> Tensor {
    let result = Tensor(uninitialized: shape)
    // Parts of the default grain begin at multiples of 32, as the kernel requires.
    parallelParts(count) { start, length in
      scant_dropout(pointer + start, draw.seed, start, draw.rate, result.pointer + start, length)
    }
    // Dropout is linear in x: its adjoint applies the same draws to the gradient.
    return result.recorded("dropout", from: self) { [$0.dropped(draw)] }
  }
}
