// Appends events to `events.jsonl` on its own serial queue: whole lines only, written out after
// 64 KiB or 250 ms, synced to disk before a checkpoint that implies them, at faults and at the end.
import Dispatch
import Formats
import Foundation

/// Everything but `queue` is touched on `queue` alone; that makes it Sendable.
package final class EventLogWriter: @unchecked Sendable {
  private let queue = DispatchQueue(label: "scant.log", qos: .utility)
  private let file: FileHandle
  private let onFailure: @Sendable (String) -> Void
  private let path: String
  private var buffer = Data()
  private var isFlushPlanned = false
  /// Why nothing is written any more, in one line.
  private var failure: String?

  private static let capacity = 64 << 10
  private static let delay = DispatchTimeInterval.milliseconds(250)

  /// Opens or creates the log. A line that was cut off is ended with a newline first.
  /// `onFailure` is called at most once, on the log's queue, with one line. Throws `LabError`.
  package init(_ url: URL, onFailure: @escaping @Sendable (String) -> Void) throws {
    path = url.path
    self.onFailure = onFailure
    let descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.error(url.path, SystemWords.of(errno)) }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      let end = try file.seekToEnd()
      guard end > 0 else { return }
      try file.seek(toOffset: end - 1)
      let last = try file.readToEnd()
      if last?.first != EventLog.newline { try file.write(contentsOf: Data([EventLog.newline])) }
    } catch { throw Self.error(url.path, SystemWords.of(error)) }
  }

  package func append(_ event: Event) {
    queue.async { self.write(event) }
  }

  /// Returns when everything appended so far is in the file: it survives the end of this process.
  package func flush() { queue.sync { self.writeOut() } }

  /// Returns when everything appended so far is on the disk: it survives a power cut. Throws
  /// `LabError` where this, or a write before, did not succeed.
  package func sync() throws {
    let failure = queue.sync {
      self.writeOut()
      if self.failure == nil { self.attempt { try self.file.synchronize() } }
      return self.failure
    }
    if let failure { throw LabError(failure) }
  }

  private func write(_ event: Event) {
    dispatchPrecondition(condition: .onQueue(queue))
    guard failure == nil else { return }
    attempt {
      buffer.append(try event.line())
      buffer.append(EventLog.newline)
    }
    switch event.body {
    case is CheckpointSaved, is RunEnded: writeOut()
    case is Fault:
      writeOut()
      attempt { try file.synchronize() }
    default:
      if buffer.count >= Self.capacity { writeOut() } else { planFlush() }
    }
  }

  private func planFlush() {
    dispatchPrecondition(condition: .onQueue(queue))
    guard !isFlushPlanned else { return }
    isFlushPlanned = true
    queue.asyncAfter(deadline: .now() + Self.delay) { self.writeOut() }
  }

  private func writeOut() {
    dispatchPrecondition(condition: .onQueue(queue))
    isFlushPlanned = false
    guard !buffer.isEmpty, failure == nil else { return }
    attempt { try file.write(contentsOf: buffer) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func attempt(_ work: () throws -> Void) {
    guard failure == nil else { return }
    do { try work() } catch {
      let line = Self.error(path, SystemWords.of(error)).description
      failure = line
      onFailure(line)
    }
  }

  private static func error(_ path: String, _ reason: String) -> LabError {
    LabError("\(path): the event log cannot be written (\(reason)); expected a writable file")
  }
}
