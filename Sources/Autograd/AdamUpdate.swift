// The arithmetic of one Adam update, for the optimizer in Layers.
import CKernels

/// A parameter's two moving moments. A value, but stepped in place where nobody shares it.
public struct AdamMoments: Sendable {
  public private(set) var mean: Tensor
  public private(set) var square: Tensor

  /// A root and a quotient a value: 10 µs of one core.
  private static let grain = 8192

  public init(mean: Tensor, square: Tensor) { (self.mean, self.square) = (mean, square) }

  /// Step `t` of this parameter (from 1) of Kingma & Ba 2015, arXiv:1412.6980, algorithm 1: its
  /// next value. `coupled` decay is added to the gradient, `decoupled` shrinks the value
  /// (Loshchilov & Hutter 2019, arXiv:1711.05101).
  public mutating func step(
    _ value: Tensor, _ slope: Tensor, t: Int, rate: Double, betas: (Double, Double),
    epsilon: Double, coupled: Double, decoupled: Double
  ) -> Tensor {
    let settings = scant_adam_settings(
      beta1: Float(betas.0), beta2: Float(betas.1), epsilon: Float(epsilon),
      step: Float(rate / (1 - power(betas.0, t))),
      root_correction: Float(1 / (1 - power(betas.1, t)).squareRoot()),
      coupled_decay: Float(coupled), kept: Float(1 - rate * decoupled))
    let next = Tensor(uninitialized: value.shape)
    let (mean, square) = (mean.claimed(), square.claimed())
    parallelParts(value.count, grain: Self.grain) { at, length in
      var settings = settings
      scant_adam(
        &settings, value.pointer + at, slope.pointer + at, mean.pointer + at,
        square.pointer + at, next.pointer + at, length)
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
