// In-place updates of optimizer state, and moving averages of tensors.
import CKernels

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
    let result = Tensor(uninitialized: shape)
    parallelParts(count) { start, length in
      scant_blend(
        Float(share), pointer + start, Float(1 - share), other.pointer + start,
        result.pointer + start, length)
    }
    return result
  }
}
