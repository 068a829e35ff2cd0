// Kernels, computed as matrix products.
import Autograd
import CKernels

/// The kernel of a support vector machine.
public enum Kernel: Sendable, Equatable {
  /// x · y
  case linear
  /// exp(−gamma |x − y|²), gamma > 0.
  case rbf(gamma: Float)

  /// scikit-learn's `gamma="scale"`: 1 / (features · variance of all values).
  public static func rbf(scaledTo examples: Examples) -> Kernel {
    let count = Double(max(examples.values.count, 1))
    let mean = examples.values.reduce(0) { $0 + Double($1) } / count
    let variance =
      examples.values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      / count
    let gamma = variance > 0 ? 1 / (Double(examples.features) * variance) : 1
    return .rbf(gamma: Float(gamma))
  }

  /// Writes `[a.rows, b.rows]` to `target`, in strips of rows on the thread pool.
  func fill(_ target: UnsafeMutablePointer<Float>, _ a: Examples, _ b: Examples) {
    precondition(a.features == b.features, "rows of the same features")
    let (norms, others) = (Self.squares(a), Self.squares(b))
    let start = Start(target: target)
    let height = 64
    ThreadPool.shared.parallel((a.rows + height - 1) / height) { part in
      let rows = part * height..<min(part * height + height, a.rows)
      strip(start.target + rows.lowerBound * b.rows, a, rows, b, norms, others)
    }
  }

  /// The similarity of every row with itself, `[rows]`.
  func diagonal(_ examples: Examples) -> [Float] {
    switch self {
    case .linear: Self.squares(examples)
    case .rbf: Array(repeating: 1, count: examples.rows)
    }
  }

  private func strip(
    _ target: UnsafeMutablePointer<Float>, _ a: Examples, _ rows: Range<Int>, _ b: Examples,
    _ norms: [Float], _ others: [Float]
  ) {
    let width = a.features
    a.values.withUnsafeBufferPointer { x in
      b.values.withUnsafeBufferPointer { y in
        // In bounds: `rows` lie in a, and the product has a row for each of them.
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        BLAS.multiply(
          rows.count, b.rows, width, x + rows.lowerBound * width, width, y, width,
          transposeB: true, into: target, b.rows)
      }
    }
    guard case .rbf(let gamma) = self else { return }
    for (index, row) in rows.enumerated() {
      let line = target + index * b.rows
      scant_radial(line, others, norms[row], gamma, b.rows)
    }
  }

  private static func squares(_ examples: Examples) -> [Float] {
    (0..<examples.rows).map { row in examples[row].reduce(0) { $0 + $1 * $1 } }
  }

  /// Safe: each part writes only its own rows.
  private struct Start: @unchecked Sendable { let target: UnsafeMutablePointer<Float> }
}
