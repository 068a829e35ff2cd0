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
    let slots = Slots(base: target)
    let height = 64
    ThreadPool.shared.parallel((a.rows + height - 1) / height) { part in
      let rows = part * height..<min(part * height + height, a.rows)
      strip(slots.base + rows.lowerBound * b.rows, a, rows, b, norms, others)
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
}

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

/// Similarities among the rows of one machine. Used by one thread at a time.
final class KernelRows {
  let count: Int
  /// The similarity of every row with itself, `[count]`.
  let diagonal: [Float]
  private let store: Store

  private enum Store {
    case whole(Gram)
    case cached(RowCache)
  }

  /// `whole` is the matrix of `examples` if it exists. Without it, rows are computed on demand and
  /// cached in at most `bytes`, but at least two rows.
  init(_ kernel: Kernel, _ examples: Examples, whole: Gram? = nil, bytes: Int) {
    count = examples.rows
    diagonal = kernel.diagonal(examples)
    store =
      whole.map { .whole($0) }
      ?? .cached(RowCache(kernel, examples, slots: max(2, bytes / max(4 * count, 1))))
  }

  /// Calls `body` with two rows, `[count]` each.
  func with<Result>(
    _ i: Int, _ j: Int, _ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Result
  ) -> Result {
    switch store {
    case .whole(let gram):
      // In bounds: the matrix is square, i and j below `count`.
      return body(gram.values + i * count, gram.values + j * count)
    case .cached(let cache):
      // The second row cannot evict the first: there are two slots, and the first is the newest.
      let first = cache.row(i)
      return body(first, cache.row(j))
    }
  }
}

/// A least-recently-used cache of rows of a kernel matrix.
private final class RowCache {
  private let kernel: Kernel
  private let examples: Examples
  private let slots: Int
  /// Safe: `slots` rows that live as long as this object.
  private let values: UnsafeMutablePointer<Float>
  /// For each slot, its row and the time of its last use.
  private var held: [(row: Int, time: Int)] = []
  private var slot: [Int: Int] = [:]
  private var time = 0

  init(_ kernel: Kernel, _ examples: Examples, slots: Int) {
    (self.kernel, self.examples, self.slots) = (kernel, examples, min(examples.rows, slots))
    values = .allocate(capacity: max(1, examples.rows * self.slots))
  }

  deinit { values.deallocate() }

  /// The row, computed if it is not cached. It replaces the least recently used row.
  func row(_ index: Int) -> UnsafePointer<Float> {
    time += 1
    if let at = slot[index] {
      held[at].time = time
      return UnsafePointer(values + at * examples.rows)
    }
    var at = held.count
    if at < slots {
      held.append((index, time))
    } else {
      at = held.indices.min { held[$0].time < held[$1].time } ?? 0
      slot[held[at].row] = nil
      held[at] = (index, time)
    }
    slot[index] = at
    kernel.fill(values + at * examples.rows, examples.choosing([index]), examples)
    return UnsafePointer(values + at * examples.rows)
  }
}
