// Norms, products and distances of rows.
import CKernels

extension Tensor {
  /// L2 normalisation x / max(‖x‖, ε) along the last axis.
  public func l2Normalized(epsilon: Float = 1e-12) -> Tensor {
    let width = shape.last ?? 1
    let rows = width > 0 ? count / width : 0
    let y = Tensor(uninitialized: shape)
    let inverses = Tensor(uninitialized: [rows])
    scant_normalize_rows(pointer, epsilon, rows, width, y.pointer, inverses.pointer)
    return y.recorded("l2Normalized", from: self) { gradient in
      let down = Tensor(uninitialized: gradient.shape)
      scant_normalize_rows_back(
        y.pointer, inverses.pointer, gradient.pointer, epsilon, rows, width, down.pointer)
      return [down]
    }
  }

  /// The Gram matrix x·xᵀ: the products of all pairs of rows, [B, D] → [B, B].
  public func gram() -> Tensor {
    let x = detached
    return x.linear(x).recorded("gram", from: self) { gradient in
      [(gradient + gradient.transpose([1, 0])).matmul(x)]
    }
  }

  /// The cosine similarity between all pairs of rows, [B, D] → [B, B].
  public func cosineSimilarity() -> Tensor { l2Normalized().gram() }

  /// The Euclidean distances √(‖xᵢ − xⱼ‖² + ε) between all pairs of rows, [B, D] → [B, B].
  ///
  /// The gradient between equal rows is 0.
  ///
  /// - Parameter epsilon: ε, above 0.
  public func pairwiseDistances(epsilon: Float = 1e-12) -> Tensor {
    precondition(shape.count == 2, "distances between rows of \(shape); expected [B, D]")
    let (rows, width) = (shape[0], shape[1])
    let x = detached
    let y = Tensor(uninitialized: [rows, rows])
    let grain = Swift.max(1, 65_536 / Swift.max(1, rows * width))
    parallelParts(rows, grain: grain) { start, length in
      for row in start..<start + length {
        scant_distances(x.pointer, epsilon, row, rows, width, y.pointer + row * rows)
      }
    }
    return y.recorded("pairwiseDistances", from: self) { gradient in
      let down = Tensor(uninitialized: x.shape)
      parallelParts(rows, grain: grain) { start, length in
        for row in start..<start + length {
          scant_distances_back(
            x.pointer, y.pointer, gradient.pointer, row, rows, width, down.pointer + row * width)
        }
      }
      return [down]
    }
  }
}
