// The folder of one run: which files it holds, how far the run got, and who is writing.
import Formats
/// What a run's log pane says of events that are no log lines themselves: one line each.
import Foundation

public struct RunFolder: Sendable, Equatable {
  public let url: URL
  public init(_ url: URL) { self.url = url }

  public var name: String { url.lastPathComponent }
  public var recipe: URL { url.appendingPathComponent("recipe.yaml") }
  public var events: URL { url.appendingPathComponent("events.jsonl") }
  public var best: URL { url.appendingPathComponent("best.safetensors") }
  public var last: URL { url.appendingPathComponent("last.safetensors") }
  public var predictions: URL { url.appendingPathComponent("predictions.npy") }
  public var clips: URL { url.appendingPathComponent("clips.csv") }
  /// Temperature and decision thresholds, chosen on validation clips.
  public var calibration: URL { url.appendingPathComponent("calibration.json") }

  public enum State: String, Sendable, CaseIterable {
    case absent, interrupted, done, failed
    /// Its log is there and cannot be read, or that cannot be told.
    case unreadable
  }

  /// Read from the log: `done` and `failed` by its last `bye`, `interrupted` where there is none.
  public var state: State {
    do { return try ending().state } catch { return .unreadable }
  }

  /// The same with how the run ended, if its log ends with that. Throws where the log cannot be
  /// read, so that nobody takes a finished run for one that has not begun.
  public func ending() throws -> (state: State, ended: RunEnded?) {
    guard try StoredFile.exists(events) else { return (.absent, nil) }
    guard case .ended(let ended) = try EventLog.last(in: events)?.body else {
      return (.interrupted, nil)
    }
    switch ended.reason {
    case .done: return (.done, ended)
    case .failed: return (.failed, ended)
    case .stopped, .interrupted: return (.interrupted, ended)
    }
  }

  /// Makes the folder and those above it.
  func make() throws {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw LabError(
        "\(url.path): cannot be made (\(SystemWords.of(error))); expected a writable folder")
    }
  }

  /// Removes everything the run has written, and what was half written. The caller holds the
  /// run's lock.
  public func clear() throws {
    for file in [
      recipe, events, best, last, predictions, clips, calibration, patch, control,
    ] {
      guard unlink(file.path) != 0, errno != ENOENT else { continue }
      throw LabError(
        "\(file.path): cannot be removed (\(SystemWords.of(errno))); expected a writable folder")
    }
    try removeLeftovers()
  }

  /// Removes what killed processes left half written. The caller holds the run's lock.
  func removeLeftovers() throws { try AtomicFile.removeLeftovers(in: url) }
}

/// Released when the last reference goes, or when the process dies.
package final class RunLock: Sendable {
  private let descriptor: Int32

  /// Throws `LabError` where another process (or run of this one) holds the folder.
  package init(_ folder: RunFolder) throws {
    let path = folder.url.appendingPathComponent(".lock").path
    descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw LabError("\(path): \(SystemWords.of(errno)); expected a writable folder")
    }
    let failure = Self.take(descriptor)
    guard failure != 0 else { return }
    close(descriptor)
    guard failure == EWOULDBLOCK else {
      throw LabError(
        "\(path): cannot be locked (\(SystemWords.of(failure))); expected a file system with locks")
    }
    throw LabError(
      "\(folder.url.path): another process is training this run; expected it to be free")
  }

  /// 0, or the `errno` that keeps it from being taken. Whoever only looks whether the folder is
  /// taken holds it for a moment, so that is tried for a tenth of a second.
  private static func take(_ descriptor: Int32) -> Int32 {
    for _ in 0..<10 {
      guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return 0 }
      guard errno == EWOULDBLOCK || errno == EINTR else { return errno }
      usleep(10_000)
    }
    return EWOULDBLOCK
  }

  deinit { close(descriptor) }
}

extension RunFolder {
  /// Whether a process trains the run now: the lock of a dead one is free. Throws where that
  /// cannot be told.
  public func isTraining() throws -> Bool {
    let path = url.appendingPathComponent(".lock").path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let failure = errno
      if try !StoredFile.exists(url.appendingPathComponent(".lock")) { return false }
      throw LabError("\(path): \(SystemWords.of(failure)); expected a lock that can be read")
    }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return false }
    if errno == EWOULDBLOCK { return true }
    throw LabError(
      "\(path): cannot be locked (\(SystemWords.of(errno))); expected a file system with locks")
  }

  /// The first run in a folder of runs that a process trains now.
  static func training(in runs: URL) throws -> RunFolder? {
    try StoredFile.names(in: runs).map { RunFolder(runs.appendingPathComponent($0)) }
      .first { try $0.isTraining() }
  }
}

extension Event {
  /// nil: nothing a person would want to read later. `hasTeacher`: of the run.
  func note(hasTeacher: Bool) -> LogLine? {
    switch body {
    case .started(let started):
      let observed = Double(started.observed) / Double(max(started.entries, 1)) * 100
      return LogLine(
        level: .info, code: "start",
        text: "\(started.method), seed \(started.seed), \(started.threads) threads, "
          + String(format: "%.0f %% observed", observed))
    case .evalEnd(let evaluation): return evaluation.note(epoch: epoch, namesModel: hasTeacher)
    case .checkpoint(let saved):
      return LogLine(level: .info, code: "ckpt", text: "\(saved.file) saved (\(saved.reason))")
    case .state(let change) where change.state == .paused:
      return LogLine(level: .info, code: "hold", text: "held at step \(step)")
    case .ended(let ended):
      return LogLine(
        level: .info, code: "end",
        text: "\(ended.reason.rawValue) after " + String(format: "%.0f s", ended.wall))
    default: return nil
    }
  }
}

extension EvalEnd {
  /// Two scores by name, the usual ones where they are defined. Without those: how many classes
  /// there is anything to find of.
  fileprivate func note(epoch: Int, namesModel: Bool) -> LogLine {
    let usual = ["accuracy", "f1-macro-both", "ap-macro"].filter { metrics[$0] != nil }
    let shown = (usual.isEmpty ? metrics.keys.sorted() : usual).prefix(2).compactMap { id in
      metrics[id].map { "\(id) " + String(format: "%.3f", $0) }
    }
    let scores = shown.isEmpty ? "no score is defined" : shown.joined(separator: ", ")
    let found = perClass.count { $0.positives > 0 }
    let why =
      usual.isEmpty && !perClass.isEmpty
      ? "; \(found) of \(perClass.count) classes have a positive" : ""
    let what = namesModel ? "\(split) \(model)" : split
    return LogLine(level: .info, code: "eval", text: "\(what) epoch \(epoch): \(scores)\(why)")
  }
}
