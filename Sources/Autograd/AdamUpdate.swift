// The arithmetic of one Adam update, for the optimizer in Layers.
import CKernels

/// The two moment estimates that Adam keeps for a parameter.
///
/// Paper: Kingma & Ba 2015, arXiv:1412.6980, algorithm 1.
public struct AdamMoments: Sendable {
  /// The first-moment estimate m, of the parameter's shape.
  public private(set) var mean: Tensor
  /// The second-moment estimate v, of the parameter's shape.
  public private(set) var square: Tensor

  /// Each value takes a root and a division: a part costs about 10 µs of one core.
  private static let grain = 8192

  /// Moments to continue from. Both are zeros of the parameter's shape before the first step.
  public init(mean: Tensor, square: Tensor) { (self.mean, self.square) = (mean, square) }

  /// Updates the moments in place and returns the parameter's next value.
  ///
  /// - Parameters:
  ///   - value: The parameter's value.
  ///   - gradient: d(loss)/d(value), of the same shape.
  ///   - t: The number of this step, from 1; both moments are corrected for it.
  ///   - rate: The learning rate.
  ///   - betas: The decay of the first- and the second-moment estimate.
  ///   - epsilon: The constant added to the root of the second moment.
  ///   - coupled: L2 regularization: `coupled` · value is added to the gradient.
  ///   - decoupled: Decoupled weight decay: the value shrinks by `rate` · `decoupled` before the
  ///     step. Paper: Loshchilov & Hutter 2019, arXiv:1711.05101.
  public mutating func step(
    _ value: Tensor, _ gradient: Tensor, t: Int, rate: Double, betas: (Double, Double),
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
        &settings, value.pointer + at, gradient.pointer + at, mean.pointer + at,
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
