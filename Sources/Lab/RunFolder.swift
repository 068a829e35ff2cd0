// The folder of one run: which files it holds, how far the run got, and who is writing.
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

  public enum State: String, Sendable, CaseIterable { case absent, interrupted, done, failed }

  /// Read from the log: `done` and `failed` by its last `bye`, `interrupted` where there is none.
  public var state: State {
    guard FileManager.default.fileExists(atPath: events.path) else { return .absent }
    switch bye?.reason {
    case .done: return .done
    case .failed: return .failed
    default: return .interrupted
    }
  }

  /// How the run ended, if its log ends with that.
  public var bye: Bye? {
    guard let event = EventLog.last(in: events), case .bye(let bye) = event.body else { return nil }
    return bye
  }

  /// Removes everything the run has written.
  public func clear() throws {
    for file in [recipe, events, best, last, predictions, clips, patch, control]
    where FileManager.default.fileExists(atPath: file.path) {
      try FileManager.default.removeItem(at: file)
    }
  }
}
