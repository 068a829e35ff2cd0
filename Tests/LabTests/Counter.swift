/// Collects lines and events from other threads.
import Lab
import Synchronization

final class Counter: Sendable {
  private let kept = Mutex<[String]>([])
  func add(_ line: String) { kept.withLock { $0.append(line) } }
  var lines: [String] { kept.withLock { $0 } }
}

final class Recorder: Sendable {
  private let kept = Mutex<[Event]>([])
  func add(_ event: Event) { kept.withLock { $0.append(event) } }
  var events: [Event] { kept.withLock { $0 } }
}
