// The arithmetic of one step of gradient descent, for the optimizer in Layers.
import CKernels

/// A parameter's velocity: the decaying sum of its gradients. A value, but stepped in place where
/// nobody shares it.
public struct SGDVelocity: Sendable {
  public private(set) var velocity: Tensor

  public init(_ velocity: Tensor) { self.velocity = velocity }

  /// The parameter's next value, in PyTorch's conventions: with d = g + `decay`·p and the velocity
  /// v ← μ·v + d, p − rate·v, or p − rate·(d + μ·v) where `nesterov`.
  public mutating func step(
    _ value: Tensor, _ slope: Tensor, rate: Double, momentum: Double, nesterov: Bool,
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
        &settings, value.pointer + at, slope.pointer + at, velocity.pointer + at,
        next.pointer + at, length)
    }
    return next
  }
}
