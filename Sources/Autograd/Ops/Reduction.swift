// Sums, means and maxima. Sums accumulate in double precision and in a fixed order.
import CKernels

extension Tensor {
  /// The sum of all values, a scalar.
  public func sum() -> Tensor {
    let shape = shape
    return Tensor(Float(scant_total(pointer, count))).recorded("sum", from: self) {
      [Tensor(repeating: $0.item, shape)]
    }
  }

  /// The mean of all values, a scalar.
  public func mean() -> Tensor { sum() / Float(Swift.max(count, 1)) }

  /// The sum over some axes.
  ///
  /// - Parameters:
  ///   - axes: The axes to sum over, from 0; none returns the tensor itself.
  ///   - keepingDimensions: Whether these axes stay, with length 1; otherwise they are removed.
  public func sum(_ axes: [Int], keepingDimensions: Bool = false) -> Tensor {
    guard !axes.isEmpty else { return self }
    let kept = shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
    var result = detached
    for axis in axes.sorted(by: >) { result = result.summedOne(axis) }
    let dropped = shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
    result = result.reshape(keepingDimensions ? kept : dropped)
    let whole = shape
    return result.recorded("sum", from: self) { [$0.reshape(kept).broadcast(to: whole)] }
  }

  /// The mean over some axes.
  ///
  /// - Parameters:
  ///   - axes: The axes to average over, from 0.
  ///   - keepingDimensions: Whether these axes stay, with length 1; otherwise they are removed.
  public func mean(_ axes: [Int], keepingDimensions: Bool = false) -> Tensor {
    let entries = axes.map { shape[$0] }.reduce(1, *)
    return sum(axes, keepingDimensions: keepingDimensions) / Float(Swift.max(entries, 1))
  }

  /// The maximum over an axis, which is removed. The first of equal values gets the gradient.
  ///
  /// - Precondition: The axis is not empty.
  public func max(_ axis: Int) -> Tensor {
    precondition(shape[axis] > 0, "maximum over an empty axis of \(shape)")
    let (outer, length, inner) = split(axis)
    var smaller = shape
    smaller.remove(at: axis)
    let result = Tensor(uninitialized: smaller)
    let positions = Storage(result.count)
    scant_max(pointer, outer, length, inner, result.pointer, positions.indices)
    let whole = shape
    return result.recorded("max", from: self) { gradient in
      let down = Tensor(uninitialized: whole)
      scant_max_back(positions.indices, gradient.pointer, outer, length, inner, down.pointer)
      return [down]
    }
  }

  /// The sum over an axis, which stays with length 1. It is not recorded.
  private func summedOne(_ axis: Int) -> Tensor {
    let (outer, length, inner) = split(axis)
    var smaller = shape
    smaller[axis] = 1
    let result = Tensor(uninitialized: smaller)
    scant_sum(pointer, outer, length, inner, result.pointer)
    return result
  }

  /// The shape around an axis: the number of outer slices, its length, the values per step.
  func split(_ axis: Int) -> (outer: Int, length: Int, inner: Int) {
    (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
  }
}
