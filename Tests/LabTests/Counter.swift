// Collects lines and events from other threads, and waits for what a test needs to see.
import Foundation
import Lab
import Synchronization

final class Counter: Sendable {
  private let kept = Mutex<[String]>([])
  func add(_ line: String) { kept.withLock { $0.append(line) } }
  var lines: [String] { kept.withLock { $0 } }
}

/// Sendable because every access to `kept` holds the condition's lock.
final class Recorder: @unchecked Sendable {
  private let changed = NSCondition()
  private var kept: [Event] = []

  func add(_ event: Event) {
    changed.withLock {
      kept.append(event)
      changed.broadcast()
    }
  }

  var events: [Event] { changed.withLock { kept } }

  /// Blocks until the events so far satisfy `isEnough`, 20 s at most.
  func wait(until isEnough: ([Event]) -> Bool) {
    let deadline = Date(timeIntervalSinceNow: 180)
    changed.withLock {
      while !isEnough(kept), changed.wait(until: deadline) {}
    }
  }
}
