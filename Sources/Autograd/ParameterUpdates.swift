// The arithmetic of updates: Adam, SGD, moving averages, and the clipping of gradients.
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

/// The velocity that SGD with momentum keeps for a parameter: the decaying sum of its gradients.
public struct SGDVelocity: Sendable {
  /// The velocity v, of the parameter's shape.
  public private(set) var velocity: Tensor

  /// A velocity to continue from: zeros of the parameter's shape before the first step.
  public init(_ velocity: Tensor) { self.velocity = velocity }

  /// Updates the velocity in place and returns the parameter's next value.
  ///
  /// The conventions are PyTorch's. With the gradient g, the value p and d = g + `decay` · p, the
  /// velocity becomes v ← μ·v + d. The next value is p − rate · v, or p − rate · (d + μ·v) if
  /// `nesterov` is true.
  ///
  /// - Parameters:
  ///   - value: The parameter's value.
  ///   - gradient: d(loss)/d(value), of the same shape.
  ///   - rate: The learning rate.
  ///   - momentum: μ, the decay of the velocity; 0 disables momentum.
  ///   - nesterov: Whether to use Nesterov momentum.
  ///   - decay: L2 regularization.
  public mutating func step(
    _ value: Tensor, _ gradient: Tensor, rate: Double, momentum: Double, nesterov: Bool,
    decay: Double
  ) -> Tensor {
    let settings = scant_sgd_settings(
      rate: Float(rate), momentum: Float(momentum), decay: Float(decay),
      nesterov: nesterov ? 1 : 0)
    let next = Tensor(uninitialized: value.shape)
    let velocity = velocity.claimed()
    parallelParts(value.count) { at, length in
      var settings = settings
      scant_sgd(
        &settings, value.pointer + at, gradient.pointer + at, velocity.pointer + at,
        next.pointer + at, length)
    }
    return next
  }
}

extension Tensor {
  /// This tensor after making it the only owner of its memory, so that an optimizer may write to
  /// it. Do not keep the result beyond the scope that writes to it.
  mutating func claimed() -> Tensor {
    if !isKnownUniquelyReferenced(&storage) {
      let own = Storage(count)
      own.pointer.update(from: pointer, count: count)
      storage = own
    }
    return self
  }

  /// One step of a moving average: `share` · self + (1 − `share`) · `other`. No gradient flows
  /// through the result.
  ///
  /// - Precondition: Both tensors have the same shape.
  public func averaged(with other: Tensor, share: Double) -> Tensor {
    precondition(shape == other.shape, "average of \(shape) and \(other.shape)")
    return pulled(other) { scant_blend(Float(share), $0, Float(1 - share), $1, $2, $3) }
  }
}

extension Gradients {
  /// The L2 norm √Σ g² over the gradients of `parameters`.
  ///
  /// A parameter without a gradient counts as 0. The sum runs in the order of `parameters`. The
  /// norm is not finite if any gradient is not finite.
  public func norm(of parameters: [Parameter]) -> Double {
    parameters.reduce(0) { sum, parameter in
      guard let gradient = self[parameter] else { return sum }
      return sum + scant_square_total(gradient.pointer, gradient.count)
    }.squareRoot()
  }

  /// Clips the gradients by their L2 norm, as PyTorch's `clip_grad_norm_` does: if the norm over
  /// `parameters` exceeds `limit`, every gradient is scaled by limit / (norm + 1e-6).
  ///
  /// - Returns: The norm before clipping. If it is not finite, nothing changes and the caller
  ///   should skip the step.
  public mutating func clip(norm limit: Double, of parameters: [Parameter]) -> Double {
    let norm = norm(of: parameters)
    if norm.isFinite, norm + 1e-6 > limit {
      let factor = Float(limit / (norm + 1e-6))
      replace { $0 * factor }
    }
    return norm
  }

  /// Clips every value to ±`limit`. NaN stays NaN.
  public mutating func clip(values limit: Float) { replace { $0.clamp(-limit, limit) } }

  /// The cosine of the angle between these gradients and `other` over `parameters`.
  ///
  /// A parameter that has no gradient in one of the two counts as 0 there.
  ///
  /// - Returns: A value in -1...1; nil if one of the two norms is 0.
  public func cosine(with other: Gradients, over parameters: [Parameter]) -> Double? {
    var (product, own, others) = (0.0, 0.0, 0.0)
    for parameter in parameters {
      let (a, b) = (self[parameter], other[parameter])
      if let a { own += scant_square_total(a.pointer, a.count) }
      if let b { others += scant_square_total(b.pointer, b.count) }
      if let a, let b { product += Double((a * b).sum().item) }
    }
    return own > 0 && others > 0 ? product / (own * others).squareRoot() : nil
  }
}
