// PyTorch's tensors: strided views of a storage, which other tensors may share.
import Formats

/// The elements of a storage that form a tensor, in its order.
struct StridedView: Sendable {
  let shape, strides: [Int]
  let offset: Int
  /// The number of elements, and the number from the first to the last in the storage.
  let count, extent: Int

  /// A tensor with more elements than this must not have more than its storage, since it could
  /// expand a few numbers to very many.
  static let mostExpanded = 1 << 20

  /// Nil unless every element lies in `0..<available`, and the number of elements is at most that
  /// or `mostExpanded`.
  init?(_ shape: [Int], _ strides: [Int], offset: Int, of available: Int) {
    guard shape.count == strides.count, let count = elementCount(shape),
      count <= max(available, Self.mostExpanded), offset >= 0, offset <= available,
      strides.allSatisfy({ $0 >= 0 })
    else { return nil }
    var last = 0
    for (size, stride) in zip(shape, strides) where count > 0 {
      let (reach, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, carry) = last.addingReportingOverflow(reach)
      if overflow || carry { return nil }
      last = sum
    }
    extent = count == 0 ? 0 : last + 1
    guard last < Int.max, extent <= available - offset else { return nil }
    self.shape = shape
    self.strides = strides
    self.offset = offset
    self.count = count
  }

  func values(of source: any ByteSource, _ type: ElementType, _ what: String) throws -> [Float] {
    let stored = try type.floats(
      of: source, at: offset * type.size, count: extent, of: what)
    if isContiguous { return stored }
    var index = [Int](repeating: 0, count: shape.count)
    return (0..<count).map { _ in
      let position = zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
      for axis in shape.indices.reversed() {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
      }
      return stored[position]
    }
  }

  private var isContiguous: Bool {
    guard count > 0 else { return true }
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() {
      if size != 1 && stride != expected { return false }
      expected *= size
    }
    return true
  }
}
