// Adaptive average pooling of channels-last images.
import CKernels

extension Tensor {
  /// Adaptive average pooling: [B, H, W, C] → [B, output.height, output.width, C].
  ///
  /// Output row i of n is the mean of the input rows ⌊i·H/n⌋ ..< ⌈(i + 1)·H/n⌉, and likewise for
  /// columns, as in PyTorch.
  public func adaptiveAveragePool2d(_ output: Extent) -> Tensor {
    precondition(
      shape.count == 4 && count > 0, "average pooling of \(shape); expected images [B, H, W, C]")
    return averaged(
      rows: adaptive(output.height, over: shape[1]),
      columns: adaptive(output.width, over: shape[2]))
  }

  private func averaged(rows: [Range<Int>], columns: [Range<Int>]) -> Tensor {
    let plan = AveragePooling(
      shape: shape, rows: rows, starts: columns.map(\.lowerBound),
      ends: columns.map(\.upperBound))
    return plan.forward(self).recorded("adaptiveAveragePool2d", from: self) { [plan.back($0)] }
  }
}

private func adaptive(_ count: Int, over length: Int) -> [Range<Int>] {
  (0..<count).map { $0 * length / count..<(($0 + 1) * length + count - 1) / count }
}

/// The rows and columns of [B, H, W, C] that each output covers.
private struct AveragePooling: Sendable {
  let shape: [Int]
  let rows: [Range<Int>]
  let starts, ends: [Int]

  private var line: Int { shape[2] * shape[3] }
  private var outputLine: Int { starts.count * shape[3] }

  func forward(_ x: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [shape[0], rows.count, starts.count, shape[3]])
    let cost = Swift.max(1, x.count / Swift.max(1, shape[0] * rows.count))
    parallelParts(shape[0] * rows.count, grain: Swift.max(1, 32_768 / cost)) { start, length in
      for place in start..<start + length {
        let (image, row) = place.quotientAndRemainder(dividingBy: rows.count)
        scant_average_row(
          x.pointer + (image * shape[1] + rows[row].lowerBound) * line, rows[row].count,
          shape[2], shape[3], starts, ends, starts.count, result.pointer + place * outputLine)
      }
    }
    return result
  }

  /// Windows may overlap, so the rows of one image are added one after the other.
  func back(_ gradient: Tensor) -> Tensor {
    let result = Tensor.zeros(shape)
    ThreadPool.shared.parallel(shape[0]) { image in
      for (row, covered) in rows.enumerated() {
        scant_average_row_back(
          gradient.pointer + (image * rows.count + row) * outputLine, covered.count, shape[2],
          shape[3], starts, ends, starts.count,
          result.pointer + (image * shape[1] + covered.lowerBound) * line)
      }
    }
    return result
  }
}
