/// `scant new FOLDER`: a commented session for a folder of sounds.
/// The session that belongs to a folder of sounds: where it is looked for, and how it is written.
import ArgumentParser
import Datasets
import Formats
import Foundation
import Lab
import Output

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Write a session for a folder of sounds: methods that fit, settings for its size.",
    discussion: """
      The folder may have labels.csv, a table of file and label, Audacity label tracks, a folder a \
      class, or the layout of a published data set. What was understood is printed. An existing \
      session is never overwritten.
      """)

  @Argument(help: ArgumentHelp("A folder of sounds with labels.", valueName: "folder"))
  var folder: String

  @Option(
    help: ArgumentHelp("The session's folder; ./sessions/<name> if absent.", valueName: "dir"))
  var to: String?

  func run() throws {
    let sounds = URL(fileURLWithPath: folder, isDirectory: true)
    let name = sounds.standardizedFileURL.lastPathComponent
    let target = URL(fileURLWithPath: to ?? "sessions/\(name)", isDirectory: true)
    let file = try SessionFile(target)
    let draft = try SoundFolder(folder).draft()
    for line in draft.lines { try Console.shared.print(line) }
    try file.write(draft.yaml)
    try Console.shared.print("\nwrote \(file.url.relativePath)")
    try Console.shared.print("next: scant \(target.relativePath) (the workbench), or")
    try Console.shared.print(
      "      scant run \(target.relativePath) (trains all runs, prints a table)")
  }
}

/// A folder that holds a data set.
struct SoundFolder {
  private let url: URL
  /// Of the data set.
  let id: String

  /// Throws `Problem` where it holds none.
  init(_ path: String) throws {
    url = URL(fileURLWithPath: path, isDirectory: true)
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

  /// A session, and what was understood. Opens the data set, so that what cannot be trained on is
  /// said now. With one thread no other thread is made. Throws `Problem` and `AudioError`.
  func draft(threads: Int? = nil) throws -> (lines: [String], yaml: String) {
    let meter = Meter()
    let settings = DatasetSettings(root: url.standardizedFileURL, threads: threads)
    let ticker: ProgressHandler = { what, done, total in
      meter.show(Meter.Reading(what: what, done: done, total: total))
      return true
    }
    let dataset = try DatasetCatalog.open(id, settings, progress: ticker)
    let remarks = try DataCheck.report(id, settings, progress: ticker).remarks
    let lines = remarks.isEmpty ? [Self.count(dataset)] : remarks
    for problem in dataset.problems.prefix(Self.mostProblems) { Console.shared.complain(problem) }
    let more = dataset.problems.count - Self.mostProblems
    if more > 0 {
      Console.shared.complain("and \(more) more: scant data check \(url.relativePath)")
    }
    return (lines, try SessionDraft(dataset, root: url, remarks: lines).yaml)
  }

  private static let mostProblems = 5

  private static func count(_ dataset: any Dataset) -> String {
    let splits = Split.allCases.map { split in
      "\(dataset.clips.count { $0.split == split }) \(split.rawValue)"
    }
    return "\(dataset.title): \(dataset.clips.count) clips (\(splits.joined(separator: ", "))), "
      + "\(dataset.classes.count) classes"
  }
}

/// A `session.yaml` that is not there yet.
struct SessionFile {
  let url: URL

  /// Throws `Problem` where there is one.
  init(_ folder: URL) throws {
    url = folder.appendingPathComponent("session.yaml")
    if try StoredFile.exists(url) {
      throw Problem(url, "is there already; expected another folder (--to DIR)")
    }
  }

  func write(_ yaml: String) throws {
    let folder = url.deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw Problem(
        folder, "cannot be created (\(SystemWords.of(error))); expected a place to write")
    }
    try AtomicFile.write(Data(yaml.utf8), to: url)
  }
}

/// The session of a folder of sounds: the first one under the folder's name whose data set lies
/// there.
struct FolderSession {
  private let sounds: URL
  private let path: String
  private let places: [URL]
  /// Behind the folder's name in the session's.
  private let suffix: String

  /// Nil where `path` is no folder, a session, or the name of one. `places`: folders of sessions.
  init?(_ path: String, _ places: [URL], suffix: String = "") throws {
    let url = URL(fileURLWithPath: path, isDirectory: true)
    let isSession = try ([url] + places.map { $0.appendingPathComponent(path) }).contains {
      try StoredFile.exists($0.appendingPathComponent("session.yaml"))
    }
    guard try !isSession && StoredFile.isFolder(url) else { return nil }
    (self.path, self.places, self.suffix) = (path, places, suffix)
    sounds = url.standardizedFileURL
  }

  /// Throws `Problem` where there is none.
  func session() throws -> Session {
    if let known = try known() { return known }
    throw Problem(path, "no session for this folder; expected one by: scant new \(path)")
  }

  /// Writes one below `home` where there is none, and says so.
  func sessionOrNew(in home: URL, threads: Int?) throws -> Session {
    if let known = try known() { return known }
    let draft = try SoundFolder(path).draft(threads: threads)
    let free = try free(in: home)
    try SessionFile(free).write(draft.yaml)
    for line in draft.lines { Console.shared.say(line) }
    Console.shared.say("session: \(free.path)/session.yaml")
    return try Session.read(free)
  }

  /// The folder of its session: the one there is, else a free one below `home`.
  func place(in home: URL) throws -> URL { try known()?.folder ?? free(in: home) }

  private func free(in home: URL) throws -> URL {
    let free = try names.lazy.map { home.appendingPathComponent($0) }.first {
      try !StoredFile.exists($0.appendingPathComponent("session.yaml"))
    }
    guard let free else {
      throw Problem(home, "too many sessions called \(sounds.lastPathComponent); expected fewer")
    }
    return free
  }

  private var names: [String] {
    let name = sounds.lastPathComponent + suffix
    return [name] + (2...100).map { "\(name)-\($0)" }
  }

  private func known() throws -> Session? {
    for place in places {
      for name in names {
        let folder = place.appendingPathComponent(name)
        guard try StoredFile.exists(folder.appendingPathComponent("session.yaml")) else { break }
        let session = try Session.read(folder)
        let root = session.runs.first?.recipe["dataset.root"] ?? ""
        if URL(fileURLWithPath: root, isDirectory: true).standardizedFileURL == sounds {
          return session
        }
      }
    }
    return nil
  }
}
