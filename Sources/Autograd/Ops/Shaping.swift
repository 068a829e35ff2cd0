// Reshape, transpose, slice and broadcast.
import CKernels

extension Tensor {
  /// The same values in row-major order with another shape, without a copy.
  ///
  /// - Parameter shape: The new shape; one axis may be -1 and is then inferred.
  /// - Precondition: Both shapes have the same number of values.
  public func reshape(_ shape: [Int]) -> Tensor {
    let known = shape.filter { $0 >= 0 }.reduce(1, *)
    let full = shape.map { $0 < 0 ? count / Swift.max(known, 1) : $0 }
    precondition(full.reduce(1, *) == count, "shape \(self.shape) does not become \(shape)")
    let old = self.shape
    return Tensor(shape: full, storage: storage, node: nil)
      .recorded("reshape", from: self) { [$0.reshape(old)] }
  }

  /// Permutes the axes: axis i of the result is axis `order[i]` of this tensor.
  public func transpose(_ order: [Int]) -> Tensor {
    precondition(
      order.sorted() == Array(shape.indices), "\(order) does not permute the axes of \(shape)")
    let strides = Shape.strides(shape)
    let result = gathered(order.map { shape[$0] }, strides: order.map { strides[$0] }, from: 0)
    let inverse = order.indices.map { axis in order.firstIndex(of: axis) ?? axis }
    return result.recorded("transpose", from: self) { [$0.transpose(inverse)] }
  }

  /// The entries `range` along an axis, which stays.
  public func slice(_ axis: Int, _ range: Range<Int>) -> Tensor {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "slice \(range) of axis \(axis) of \(shape)")
    let strides = Shape.strides(shape)
    var smaller = shape
    smaller[axis] = range.count
    let result = gathered(smaller, strides: strides, from: range.lowerBound * strides[axis])
    let whole = shape
    return result.recorded("slice", from: self) {
      [$0.embedded(in: whole, axis, at: range.lowerBound)]
    }
  }

  /// Repeats the tensor to `shape`, aligned at the last axis. Arithmetic does so implicitly.
  public func broadcast(to shape: [Int]) -> Tensor {
    precondition(
      Shape.broadcast(self.shape, shape) == shape, "\(self.shape) does not broadcast to \(shape)")
    let own = self.shape
    return gathered(shape, strides: Shape.strides(of: own, in: shape), from: 0)
      .recorded("broadcast", from: self) { [$0.summed(to: own)] }
  }

  private func gathered(_ shape: [Int], strides: [Int], from start: Int) -> Tensor {
    let result = Tensor(uninitialized: shape)
    guard result.count > 0 else { return result }
    let rank = Swift.max(1, shape.count)
    scant_gather(
      Int32(rank), shape.isEmpty ? [1] : shape, pointer + start,
      strides.isEmpty ? [1] : strides, result.pointer)
    return result
  }

  /// A tensor of zeros of `shape` with these values from `start` on along `axis`.
  private func embedded(in shape: [Int], _ axis: Int, at start: Int) -> Tensor {
    let result = Tensor.zeros(shape)
    let inner = shape[(axis + 1)...].reduce(1, *)
    let outer = shape[..<axis].reduce(1, *)
    scant_copy_rows(
      pointer, self.shape[axis] * inner, result.pointer + start * inner, shape[axis] * inner,
      outer, self.shape[axis] * inner)
    return result
  }
}
