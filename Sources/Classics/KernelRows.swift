// The rows of the kernel matrix of a machine: all of them if they fit, otherwise a cache.

/// Similarities among the rows of one machine. Used by one thread at a time.
final class KernelRows {
  let count: Int
  /// The similarity of every row with itself, `[count]`.
  let diagonal: [Float]
  private let store: Store
  /// The cache of rows that are computed on demand.
  private var cache: RowCache?

  private enum Store {
    case whole(Gram)
    case asked(Kernel, Examples)
  }

  /// `whole` is the matrix of `examples` if it exists. Without it the cache holds at most `bytes`,
  /// but at least two rows.
  init(_ kernel: Kernel, _ examples: Examples, whole: Gram? = nil, bytes: Int) {
    count = examples.rows
    diagonal = kernel.diagonal(examples)
    if let whole {
      store = .whole(whole)
    } else {
      store = .asked(kernel, examples)
      cache = RowCache(length: count, slots: min(count, max(2, bytes / max(4 * count, 1))))
    }
  }

  /// Calls `body` with two rows, `[count]` each.
  func with<Result>(
    _ i: Int, _ j: Int, _ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Result
  ) -> Result {
    switch store {
    case .whole(let gram):
      // In bounds: the matrix is square, i and j below `count`.
      return body(gram.values + i * count, gram.values + j * count)
    case .asked(let kernel, let examples):
      func row(_ index: Int) -> UnsafePointer<Float>? {
        cache?.row(index) { kernel.fill($0, examples.choosing([index]), examples) }
      }
      // The second row cannot evict the first: there are two slots, and the first is the newest.
      guard let a = row(i), let b = row(j) else { return body(diagonal, diagonal) }
      return body(a, b)
    }
  }
}

/// A least-recently-used cache of rows.
final class RowCache {
  private let length: Int
  private let slots: Int
  /// Safe: `slots × length` floats that live as long as this object.
  private let values: UnsafeMutablePointer<Float>
  /// For each slot, its row and the time of its last use.
  private var held: [(row: Int, time: Int)] = []
  private var slot: [Int: Int] = [:]
  private var time = 0

  init(length: Int, slots: Int) {
    (self.length, self.slots) = (length, slots)
    values = .allocate(capacity: max(1, length * slots))
  }

  deinit { values.deallocate() }

  /// The row; computed by `compute` if it is not cached. It replaces the least recently used row.
  func row(
    _ index: Int, _ compute: (UnsafeMutablePointer<Float>) -> Void
  ) -> UnsafePointer<Float> {
    time += 1
    if let at = slot[index] {
      held[at].time = time
      return UnsafePointer(values + at * length)
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
    compute(values + at * length)
    return UnsafePointer(values + at * length)
  }
}
