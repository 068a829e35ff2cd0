// A complete kernel matrix in memory.
import Autograd

/// `[rows, columns]` similarities. Sendable, since only its initializers write it.
final class Gram: @unchecked Sendable {
  let rows, columns: Int
  /// Safe: `rows × columns` floats that live as long as this object.
  let values: UnsafeMutablePointer<Float>

  init(_ kernel: Kernel, _ a: Examples, _ b: Examples) {
    (rows, columns) = (a.rows, b.rows)
    values = .allocate(capacity: max(1, rows * columns))
    kernel.fill(values, a, b)
  }

  /// The submatrix of a square matrix between some rows.
  init(_ whole: Gram, among chosen: [Int]) {
    (rows, columns) = (chosen.count, chosen.count)
    values = .allocate(capacity: max(1, rows * columns))
    for (index, row) in chosen.enumerated() {
      let line = values + index * columns
      let source = whole.values + row * whole.columns
      for (place, column) in chosen.enumerated() { line[place] = source[column] }
    }
  }

  deinit { values.deallocate() }
}
