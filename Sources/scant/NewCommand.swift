/// `scant new FOLDER`: a commented session for a folder of sounds.
import ArgumentParser
import Datasets
import Formats
import Foundation
import Lab
import Output

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Write a session for a folder of sounds, with methods and settings that fit.",
    discussion: """
      The folder may hold labels.csv, a table of files and labels, Audacity label tracks, one \
      folder per class, or a published data set. The command prints how it read the folder. It \
      never overwrites a session.

      Example:
        scant new my-sounds --to sessions/my-sounds
      """)

  @Argument(help: ArgumentHelp("Folder of sounds with labels.", valueName: "folder"))
  var folder: String

  @Option(
    help: ArgumentHelp("Folder of the session; default: ./sessions/<name>.", valueName: "dir"))
  var to: String?

  func run() throws {
    let sounds = URL(fileURLWithPath: folder, isDirectory: true)
    let name = sounds.standardizedFileURL.lastPathComponent
    let target = URL(fileURLWithPath: to ?? "sessions/\(name)", isDirectory: true)
    let file = try SessionFile(target)
    let draft = try suggestingLabels(for: folder) { try SoundFolder(folder).proposal() }
    for line in draft.lines { try Console.shared.print(line) }
    try file.write(draft.yaml)
    try Console.shared.print("\nwrote \(file.url.fromHere)")
    try Console.shared.print("next: scant \(target.fromHere) (the workbench), or")
    try Console.shared.print(
      "      scant run \(target.fromHere) (trains all runs, prints a table)")
  }
}

extension SoundFolder {
  /// The same with a meter; problems are said.
  func proposal(threads: Int? = nil, needsLabels: Bool = true) throws -> SessionProposal {
    let meter = Meter()
    let found = try proposal(threads: threads, needsLabels: needsLabels) { preparation in
      meter.show(
        Meter.Reading(
          what: preparation.what, done: preparation.done, total: preparation.total))
      return true
    }
    for problem in found.problems.prefix(Self.mostProblems) { Console.shared.complain(problem) }
    let more = found.problems.count - Self.mostProblems
    if more > 0 { Console.shared.complain("and \(more) more: scant data check \(found.name)") }
    return found
  }

  private static let mostProblems = 5
}

/// Says behind the sentence that there is no label what to do about it.
func suggestingLabels<Result>(for path: String, _ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let problem as Problem
    where problem.message.contains("and no label")
  {
    throw Problem(
      problem.place, line: problem.line,
      "\(problem.message); scant suggest \(path.forShell) lists clips to label first")
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
  func sessionOrNew(in home: URL, threads: Int?, needsLabels: Bool) throws -> Session {
    if let known = try known() { return known }
    let draft = try suggestingLabels(for: path) {
      try SoundFolder(path).proposal(threads: threads, needsLabels: needsLabels)
    }
    let file = try SessionFile(in: home, called: name)
    try file.write(draft.yaml)
    for line in draft.lines { Console.shared.say(line) }
    Console.shared.say("session: \(file.url.fromHere)")
    return try Session.read(file.folder)
  }

  /// The folder of its session: the one there is, else a free one below `home`.
  func place(in home: URL) throws -> URL {
    try known()?.folder ?? SessionFile(in: home, called: name).folder
  }

  /// Of its session, where no other has it.
  private var name: String { sounds.lastPathComponent + suffix }

  /// The session there is.
  func known() throws -> Session? {
    for place in places {
      for name in SessionFile.names(name) {
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
