import Synchronization

/// A process-wide cache of values that depend only on settings, such as filter tables and FFT
/// plans.
final class Shared<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let table = Mutex<[Key: Value]>([:])
  private let make: @Sendable (Key) -> Value
  /// A process uses few settings. When the table is full, it is emptied.
  private let capacity = 32

  init(_ make: @escaping @Sendable (Key) -> Value) { self.make = make }

  subscript(key: Key) -> Value {
    table.withLock { table in
      if let value = table[key] { return value }
      if table.count >= capacity { table.removeAll() }
      let value = make(key)
      table[key] = value
      return value
    }
  }
}
