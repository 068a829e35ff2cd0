// Matrix multiplication.

extension Tensor {
  /// The matrix product of this tensor [M, K] and `other` [K, N] → [M, N].
  public func matmul(_ other: Tensor, precision: Precision = .fp32) -> Tensor {
    precondition(
      shape.count == 2 && other.shape.count == 2 && shape[1] == other.shape[0],
      "matrix product of \(shape) and \(other.shape)")
    let (m, k, n) = (shape[0], shape[1], other.shape[1])
    let (a, b) = (detached, other.detached)
    func product(_ rows: Int, _ columns: Int, _ inner: Int, _ x: Factor, _ y: Factor) -> Tensor {
      let result = Tensor(uninitialized: [rows, columns])
      guard inner > 0 else { return .zeros([rows, columns]) }
      Product(
        rows, columns, inner, x, y, into: result, width: columns, precision: precision
      ).run()
      return result
    }
    let result = product(m, n, k, Factor(a, width: k), Factor(b, width: n))
    let (isLeftWanted, isRightWanted) = (needsGradient, other.needsGradient)
    return result.recorded("matmul", from: self, other) { gradient in
      let down = Factor(gradient, width: n)
      return [
        isLeftWanted ? product(m, k, n, down, Factor(b, width: n).transposed) : nil,
        isRightWanted ? product(k, n, m, Factor(a, width: k).transposed, down) : nil,
      ]
    }
  }
}
