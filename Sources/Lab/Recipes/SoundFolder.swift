// From a folder of sounds to a session: what was understood of it, and the file that is written.
import Datasets
import Formats
import Foundation

/// A folder that holds a data set.
public struct SoundFolder: Sendable {
  /// Of the data set.
  public let id: String
  private let url: URL

  /// `path`: `~` and relative paths are understood. Throws `Problem` where it holds none.
  public init(_ path: String) throws {
    url = URL(fileURLWithPath: (path as NSString).expandingTildeInPath, isDirectory: true)
    let expected = "expected a folder of sounds with labels.csv, label tracks or a folder a class"
    switch try StoredFile.kind(url) {
    case nil: throw Problem(path, "no such folder; \(expected)")
    case .file, .other: throw Problem(path, "is a file; \(expected)")
    case .folder: break
    }
    guard let id = try DatasetCatalog.recognize(url) else {
      throw Problem(path, "no sound file and no table of labels; \(expected)")
    }
    self.id = id
  }

  /// The name of a session for it.
  public var name: String { url.standardizedFileURL.lastPathComponent }

  /// A session for it. Opens the data set, so that what cannot be trained on is said now; without
  /// `needsLabels` all labels may be missing, for a person to give them. With one thread no other
  /// thread is made. Throws `Problem`, `AudioError` and `CancellationError`.
  public func proposal(
    threads: Int? = nil, needsLabels: Bool = true, progress: @escaping PreparationHandler
  ) throws -> SessionProposal {
    let settings = DatasetSettings(root: url.standardizedFileURL, threads: threads)
    let ticker: ProgressHandler = { what, done, total in
      progress(Preparation(what: what, done: done, total: total, eta: nil))
    }
    let dataset = try DatasetCatalog.open(id, settings, progress: ticker)
    if needsLabels { try dataset.demandTraining() }
    let report = try DataCheck.report(id, settings, progress: ticker)
    let lines = report.summary + report.remarks
    return SessionProposal(
      name: name, lines: lines, problems: dataset.problems,
      yaml: try SessionDraft(dataset, root: url, remarks: lines).yaml)
  }
}

/// A session that is not written yet.
public struct SessionProposal: Sendable, Equatable {
  /// The name of its folder.
  public let name: String
  /// What was understood of the data: clips, groups, classes, labels, unlabelled clips.
  public let lines: [String]
  /// What looks wrong, one line each.
  public let problems: [String]
  /// The text of `session.yaml`.
  public let yaml: String
}

/// A `session.yaml` that is not there yet.
public struct SessionFile: Sendable {
  public let url: URL

  /// Throws `Problem` where there is one.
  public init(_ folder: URL) throws {
    url = folder.appendingPathComponent("session.yaml")
    if try StoredFile.exists(url) {
      throw Problem(url, "is there already; expected another folder (--to DIR)")
    }
  }

  /// In the first folder below `home` that is called `name`, or `name-2`, `name-3`, … where a
  /// session is there.
  public init(in home: URL, called name: String) throws {
    let free = try Self.names(name).lazy.map { home.appendingPathComponent($0) }.first {
      try !StoredFile.exists($0.appendingPathComponent("session.yaml"))
    }
    guard let free else {
      throw Problem(home, "too many sessions called \(name); expected fewer")
    }
    try self.init(free)
  }

  public var folder: URL { url.deletingLastPathComponent() }

  /// Makes the folder and writes the file.
  public func write(_ yaml: String) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw Problem(
        folder, "cannot be created (\(SystemWords.of(error))); expected a place to write")
    }
    try AtomicFile.write(Data(yaml.utf8), to: url)
  }

  /// Names of sessions for a folder of that name.
  public static func names(_ name: String) -> [String] {
    [name] + (2...100).map { "\(name)-\($0)" }
  }
}
