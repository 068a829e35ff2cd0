// Values that are costly to prepare and depend on settings alone, prepared once a process.
import Synchronization

/// A small table behind a lock: filter tables, FFT plans, mel weights by their settings.
final class Shared<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let table = Mutex<[Key: Value]>([:])
  private let make: @Sendable (Key) -> Value
  /// Settings vary little within a process; past this many the table starts afresh.
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
