// The arithmetic of one Adam update, for the optimizer in Layers.
import CKernels

/// A parameter's value and its two moving moments.
public struct AdamMoments: Sendable {
  public var value: Tensor
  public var mean: Tensor
  public var square: Tensor

  public init(value: Tensor, mean: Tensor, square: Tensor) {
    (self.value, self.mean, self.square) = (value, mean, square)
  }

  /// Step `t` (from 1) of Kingma & Ba 2015, arXiv:1412.6980, algorithm 1. `coupled` decay is added
  /// to the gradient, `decoupled` shrinks the value (Loshchilov & Hutter 2019, arXiv:1711.05101).
  public func stepped(
    _ slope: Tensor, t: Int, rate: Double, betas: (Double, Double), epsilon: Double,
    coupled: Double, decoupled: Double
  ) -> AdamMoments {
    let settings = scant_adam_settings(
      beta1: Float(betas.0), beta2: Float(betas.1), epsilon: Float(epsilon),
      step: Float(rate / (1 - power(betas.0, t))),
      root_correction: Float(1 / (1 - power(betas.1, t)).squareRoot()),
      coupled_decay: Float(coupled), kept: Float(1 - rate * decoupled))
    let next = AdamMoments(
      value: Tensor(uninitialized: value.shape), mean: Tensor(uninitialized: value.shape),
      square: Tensor(uninitialized: value.shape))
    parallelParts(value.count) { at, length in
      var settings = settings
      scant_adam(
        &settings, value.pointer + at, slope.pointer + at, mean.pointer + at,
        square.pointer + at, next.value.pointer + at, next.mean.pointer + at,
        next.square.pointer + at, length)
    }
    return next
  }

  /// base^t by squaring: the same bits on every platform.
  private func power(_ base: Double, _ t: Int) -> Double {
    var (result, factor, rest) = (1.0, base, t)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}
