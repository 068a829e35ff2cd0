// Remembers what a ticker was told.
import Synchronization

final class Counter: Sendable {
  private let seen = Mutex<[Int]>([])

  func note(_ value: Int) { seen.withLock { $0.append(value) } }

  var count: Int { seen.withLock(\.count) }
  var lowest: Int? { seen.withLock { $0.min() } }
  var highest: Int? { seen.withLock { $0.max() } }
}
