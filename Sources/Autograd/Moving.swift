// Values that change from step to step: moments in place, averages of parameters.
import CKernels

extension Tensor {
  /// This tensor, made the only owner of its memory, so that an optimizer may write to it. Read the
  /// result in one scope and forget it there.
  mutating func claimed() -> Tensor {
    if !isKnownUniquelyReferenced(&storage) {
      let own = Storage(count)
      own.pointer.update(from: pointer, count: count)
      storage = own
    }
    return self
  }

  /// `share` of this plus the rest of `other`: one step of a moving average. A constant.
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
