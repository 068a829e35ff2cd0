// Appends events to `events.jsonl` on its own serial queue: whole lines only, written out after
// 64 KiB or 250 ms, synced to disk at checkpoints, faults and the end.
import Dispatch
import Foundation

/// Everything but `queue` is touched on `queue` alone; that makes it Sendable.
package final class EventLogWriter: @unchecked Sendable {
  private let queue = DispatchQueue(label: "scant.log", qos: .utility)
  private let file: FileHandle
  private let onFailure: @Sendable (String) -> Void
  private let path: String
  private var buffer = Data()
  private var isFlushPlanned = false
  private var hasFailed = false

  private static let capacity = 64 << 10
  private static let delay = DispatchTimeInterval.milliseconds(250)

  /// Opens or creates the log. What a kill tore off is closed with a newline first.
  /// `onFailure` is called at most once, on the log's queue, with one line.
  package init(_ url: URL, onFailure: @escaping @Sendable (String) -> Void) throws {
    if !FileManager.default.fileExists(atPath: url.path) { try Data().write(to: url) }
    file = try FileHandle(forUpdating: url)
    path = url.path
    self.onFailure = onFailure
    let end = try file.seekToEnd()
    guard end > 0 else { return }
    try file.seek(toOffset: end - 1)
    let last = try file.readToEnd()
    if last?.first != EventLog.newline { try file.write(contentsOf: Data([EventLog.newline])) }
  }

  package func append(_ event: Event) {
    queue.async { self.write(event) }
  }

  /// Returns when everything appended so far is in the file.
  package func flush() { queue.sync { self.writeOut() } }

  private func write(_ event: Event) {
    guard !hasFailed else { return }
    attempt {
      buffer.append(try event.line())
      buffer.append(EventLog.newline)
    }
    switch event.body.kind {
    case .checkpoint, .fault, .bye:
      writeOut()
      attempt { try file.synchronize() }
    default:
      if buffer.count >= Self.capacity { writeOut() } else { planFlush() }
    }
  }

  private func planFlush() {
    guard !isFlushPlanned else { return }
    isFlushPlanned = true
    queue.asyncAfter(deadline: .now() + Self.delay) { self.writeOut() }
  }

  private func writeOut() {
    isFlushPlanned = false
    guard !buffer.isEmpty, !hasFailed else { return }
    attempt { try file.write(contentsOf: buffer) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func attempt(_ work: () throws -> Void) {
    do { try work() } catch {
      hasFailed = true
      onFailure("\(path): the event log cannot be written (\(reason(of: error)))")
    }
  }
}
