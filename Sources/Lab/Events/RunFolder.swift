// The folder of one run: which files it holds, how far the run got, and who is writing.
import Formats
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
  public func ending() throws -> (state: State, bye: Bye?) {
    guard try StoredFile.exists(events) else { return (.absent, nil) }
    guard case .bye(let bye) = try EventLog.last(in: events)?.body else {
      return (.interrupted, nil)
    }
    switch bye.reason {
    case .done: return (.done, bye)
    case .failed: return (.failed, bye)
    case .stopped, .interrupted: return (.interrupted, bye)
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
    for file in [recipe, events, best, last, predictions, clips, patch, control] {
      guard unlink(file.path) != 0, errno != ENOENT else { continue }
      throw LabError(
        "\(file.path): cannot be removed (\(SystemWords.of(errno))); expected a writable folder")
    }
    try removeLeftovers()
  }

  /// Removes what killed processes left half written. The caller holds the run's lock.
  func removeLeftovers() throws { try AtomicFile.removeLeftovers(in: url) }
}
