// Follows the log of a run that another process trains: its present lines, then new ones.
import Dispatch
import Foundation

/// Sendable because everything but `folder` and `queue` is touched on `queue` alone.
final class RunFollower: Follower, @unchecked Sendable {
  enum Ending: Sendable, Equatable {
    /// With the last event of its log.
    case ended(RunEnded)
    /// The process has died without one.
    case lost
  }

  let folder: RunFolder
  private let queue = DispatchQueue(label: "scant.follow", qos: .userInitiated)
  private let timer: any DispatchSourceTimer
  private let onEvents: @Sendable ([Event]) -> Void
  private let onEnd: @Sendable (Ending) -> Void
  private var offset: UInt64 = 0
  private var tail = Data()
  private var reader = LogReader()
  private var ending: RunEnded?
  private var quiet = 0

  /// Seconds between looks. A paused run costs one `stat` each.
  static let interval = 0.1
  /// Looks without news after which the lock is tried.
  private static let patience = 5
  private static let chunk = 1 << 20

  init(
    _ folder: RunFolder, onEvents: @escaping @Sendable ([Event]) -> Void,
    onEnd: @escaping @Sendable (Ending) -> Void
  ) {
    self.folder = folder
    self.onEvents = onEvents
    self.onEnd = onEnd
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now(), repeating: Self.interval, leeway: .milliseconds(20))
    timer.setEventHandler { [weak self] in self?.look() }
    timer.activate()
  }

  deinit { timer.cancel() }

  func stop() { timer.cancel() }

  private func look() {
    dispatchPrecondition(condition: .onQueue(queue))
    let isNew = readOn()
    quiet = isNew ? 0 : quiet + 1
    guard ending != nil || quiet >= Self.patience else { return }
    quiet = 0
    guard hasStopped else { return }
    // Lines that were written between the last look and the end of the process.
    _ = readOn()
    timer.cancel()
    onEnd(ending.map { .ended($0) } ?? .lost)
  }

  /// Whether no process trains the run any more; false if that cannot be determined, since the next
  /// look asks again.
  private var hasStopped: Bool {
    do { return try !folder.isTraining() } catch { return false }
  }

  /// True if something was added. After an error, the next look reads on from the same offset.
  private func readOn() -> Bool {
    let before = offset
    do { try readRest() } catch { return offset != before }
    return offset != before
  }

  private func readRest() throws {
    dispatchPrecondition(condition: .onQueue(queue))
    let file = try FileHandle(forReadingFrom: folder.events)
    defer { try? file.close() }  // It was only read.
    let end = try file.seekToEnd()
    if end < offset { (offset, tail) = (0, Data()) }
    guard end > offset else { return }
    try file.seek(toOffset: offset)
    while offset < end, let data = try file.read(upToCount: Self.chunk), !data.isEmpty {
      offset += UInt64(data.count)
      take(tail + data)
    }
  }

  /// Turns whole lines into events; keeps the rest for the next look.
  private func take(_ data: Data) {
    guard let last = data.lastIndex(of: EventLog.newline) else {
      tail = data
      return
    }
    tail = Data(data[data.index(after: last)...])
    data[..<last].withUnsafeBytes { reader.read($0) }
    let events = reader.take()
    for event in events {
      switch event.body {
      case let ended as RunEnded: ending = ended
      case is RunStarted: ending = nil
      default: break
      }
    }
    if !events.isEmpty { onEvents(events) }
  }
}
