// The arithmetic of one step of gradient descent, for the optimizer in Layers.
import CKernels

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
