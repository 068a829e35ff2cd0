// Matrix products: rows of the result are split over our threads.

extension Tensor {
  /// This [M, K] times `other` [K, N] → [M, N].
  public func matmul(_ other: Tensor) -> Tensor {
    precondition(
      shape.count == 2 && other.shape.count == 2 && shape[1] == other.shape[0],
      "matrix product of \(shape) and \(other.shape)")
    let result = product(self, other)
    return result.recorded("matmul", from: self, other) { slope in
      [
        self.needsGradient ? product(slope, other, transposeB: true) : nil,
        other.needsGradient ? product(self, slope, transposeA: true) : nil,
      ]
    }
  }

  /// x·Wᵀ + b for x [..., K], weight [N, K], bias [N] → [..., N].
  public func linear(_ weight: Tensor, _ bias: Tensor? = nil) -> Tensor {
    let (n, k) = (weight.shape[0], weight.shape[1])
    precondition(shape.last == k, "linear layer of \(weight.shape) on \(shape)")
    let rows = reshape([-1, k])
    let result = product(rows, weight, transposeB: true)
      .recorded("linear", from: rows, weight) { slope in
        [
          rows.needsGradient ? product(slope, weight) : nil,
          weight.needsGradient ? product(slope, rows, transposeA: true) : nil,
        ]
      }
    let shaped = result.reshape(shape.dropLast() + [n])
    return bias.map { shaped + $0 } ?? shaped
  }
}

/// op(a)·op(b), without recording. Split into fixed blocks of rows.
private func product(
  _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false
) -> Tensor {
  let (m, k) = transposeA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
  let n = transposeB ? b.shape[0] : b.shape[1]
  guard k > 0 else { return .zeros([m, n]) }
  let result = Tensor(uninitialized: [m, n])
  // Small products are not worth waking anyone: about 100 µs of one core a block.
  let grain = max(16, 4_000_000 / max(1, n * k))
  parallelParts(m, grain: grain) { start, length in
    BLAS.multiply(
      length, n, k, a.pointer + (transposeA ? start : start * k), a.shape[1],
      transposeA: transposeA, b.pointer, b.shape[1], transposeB: transposeB,
      into: result.pointer + start * n, n)
  }
  return result
}
