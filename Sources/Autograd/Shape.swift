// Strides and broadcasting. A shape is an array of Int.

package enum Shape {
  /// Row-major strides.
  static func strides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    return strides
  }

  /// The shape that both broadcast to, aligned at the last axis.
  static func broadcast(_ a: [Int], _ b: [Int]) -> [Int] {
    let rank = max(a.count, b.count)
    return (0..<rank).map { axis in
      let i = axis - (rank - a.count)
      let j = axis - (rank - b.count)
      let m = i < 0 ? 1 : a[i]
      let n = j < 0 ? 1 : b[j]
      precondition(m == n || m == 1 || n == 1, "shapes \(a) and \(b) do not broadcast")
      return m == 1 ? n : m
    }
  }

  /// The strides with which a tensor of `shape` is read as `larger`: 0 for a repeated axis.
  static func strides(of shape: [Int], in larger: [Int]) -> [Int] {
    let own = strides(shape)
    let missing = larger.count - shape.count
    return larger.indices.map { axis in
      axis < missing || shape[axis - missing] == 1 ? 0 : own[axis - missing]
    }
  }
}
