import ArgumentParser
import Formats
import Foundation
import Lab
import Output

/// `scant sessions`: which sessions there are and how far each got.
struct SessionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sessions", abstract: "List the sessions with their title and progress.",
    discussion: "Example:\n  scant sessions --json")

  @Flag(help: "Write a JSON array to stdout.")
  var json = false

  @OptionGroup var options: SessionOptions

  private struct Entry: Encodable {
    let id: String
    let title: String
    let folder: String
    let runs: Int
    let finished: Int
  }

  func run() throws {
    var entries: [Entry] = []
    var failures = 0
    for folder in try Session.all(in: options.folders) {
      do { entries.append(try Self.entry(Session.read(folder))) } catch {
        failures += 1
        Console.shared.complain(sentence(for: error))
      }
    }
    if json { try Console.shared.print(json: entries) } else { try print(entries) }
    if failures > 0 { throw ExitCode.failure }
  }

  private static func entry(_ session: Session) throws -> Entry {
    let finished = try session.runs.count { try session.runFolder($0).ending().state == .done }
    return Entry(
      id: session.name, title: session.title, folder: session.folder.path,
      runs: session.runs.count, finished: finished)
  }

  private func print(_ entries: [Entry]) throws {
    guard !entries.isEmpty else {
      let places = options.folders.map(\.path).joined(separator: ", ")
      Console.shared.say("no sessions in \(places.isEmpty ? "./sessions" : places)")
      return
    }
    var table = ConsoleTable(["session", "finished", "title"])
    for entry in entries {
      table.append([entry.id, "\(entry.finished) of \(entry.runs)", entry.title])
    }
    try Console.shared.print(table.text)
  }
}

/// Every run of a session, one after the other, and the session's table at the end.
struct SessionRun {
  let session: Session
  /// Events to stdout as JSON lines; the table then goes to stderr.
  var json = false
  var fresh = false
  /// Every score of every run.
  var showsAll = false
  private let meter = Meter()

  func callAsFunction() throws {
    let console = Console.shared
    let interruption = Interruption()
    let executor = RunExecutor()
    var failures = 0
    for (index, run) in session.runs.enumerated() {
      console.say("run \(index + 1) of \(session.runs.count): \(run.name)")
      let ended = try train(run, executor, interruption)
      if ended.reason == .failed { failures += 1 }
      let isCut = ended.reason == .interrupted || ended.reason == .stopped
      if isCut || interruption.isRaised { throw ExitCode.interrupted }
    }
    let table = try ResultsTable(session).text()
    if json { console.say(table) } else { try console.print(table) }
    try sayNext()
    if failures > 0 {
      // A single run has said it all.
      if session.runs.count > 1 {
        console.complain("\(failures) of \(session.runs.count) runs failed; see their lines above")
      }
      throw ExitCode.failure
    }
  }

  private func train(
    _ run: Session.Run, _ executor: RunExecutor, _ interruption: Interruption
  ) throws -> RunEnded {
    let reporter = RunReporter(run.name, writesEvents: json, meter: meter)
    let headless = HeadlessRun(
      recipe: run.recipe, folder: session.runFolder(run), columns: session.columns, fresh: fresh,
      executor: executor, reporter: reporter, interruption: interruption)
    switch try headless() {
    case .trained(let ended):
      try report(ended, headless, lines: .max)
      return ended
    case .alreadyDone(let ended):
      try report(ended, headless, lines: 1)
      return ended
    }
  }

  /// `lines`: of the headline, at most; all of them with `showsAll`.
  private func report(_ ended: RunEnded, _ run: HeadlessRun, lines: Int) throws {
    run.reporter.ended(ended)
    guard ended.reason == .done else { return }
    let result = ResultText(folder: run.folder, columns: session.columns, showsAll: showsAll)
    for line in try result.lines().prefix(showsAll ? .max : lines) {
      Console.shared.say(line.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
    }
  }

  /// The command after the table, with the run that is best in validation; nothing without one.
  private func sayNext() throws {
    guard let best = try session.bestRun() else { return }
    let path = session.folder.fromHere
    Console.shared.say(try ResultText(folder: best).next(suggesting: path))
  }
}

/// Options that several commands share, and where sessions are looked for.
struct SessionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Folder of sessions.", valueName: "dir"))
  var sessions: String?

  /// `--sessions`, else `./sessions`, `$SCANT_HOME/sessions`, those that ship with the program,
  /// and the user's own.
  var folders: [URL] {
    if let sessions { return [URL(fileURLWithPath: sessions, isDirectory: true)] }
    let files = FileManager.default
    let own = URL(fileURLWithPath: files.currentDirectoryPath).appendingPathComponent("sessions")
    let user = UserFolders()
    let home = user.named(by: "SCANT_HOME")?.appendingPathComponent("sessions")
    let candidates = [own, home, Self.shipped, user.data.appendingPathComponent("sessions")]
      .compactMap { $0?.standardizedFileURL }
    let present = candidates.reduce(into: [URL]()) { found, folder in
      if !found.contains(folder), files.fileExists(atPath: folder.path) { found.append(folder) }
    }
    return present.isEmpty ? [own] : present
  }

  /// Where the workbench puts new sessions: `--sessions`, else `./sessions` where it is there, else
  /// the user's own.
  var home: URL {
    if let sessions { return URL(fileURLWithPath: sessions, isDirectory: true) }
    let files = FileManager.default
    let own = URL(fileURLWithPath: files.currentDirectoryPath).appendingPathComponent("sessions")
    return files.fileExists(atPath: own.path) ? own.standardizedFileURL : userHome
  }

  private var userHome: URL { UserFolders().data.appendingPathComponent("sessions") }

  /// `nil`: the session a newcomer meets first. A folder of sounds stands for the session that
  /// belongs to it.
  func find(_ name: String?) throws -> Session {
    if let name, let folder = try FolderSession(name, folders) { return try folder.session() }
    return try Session.find(name ?? Self.builtIn, in: folders)
  }

  /// The same; a folder of sounds without a session gets one. `threads`: to read the folder with;
  /// nil is one a core. `needsLabels`: refuses a folder whose labels are all missing.
  func findOrMake(
    _ name: String?, threads: Int? = nil, needsLabels: Bool = true
  ) throws -> Session {
    guard let name, let folder = try FolderSession(name, folders) else { return try find(name) }
    return try folder.sessionOrNew(in: folderHome, threads: threads, needsLabels: needsLabels)
  }

  /// Where sessions of folders are written.
  var folderHome: URL {
    sessions.map { URL(fileURLWithPath: $0, isDirectory: true) } ?? userHome
  }

  static let builtIn = "band-missing-labels"

  /// The guides to methods that ship with the program.
  static var guides: URL? { ProgramFiles.own?.guides }

  /// The sessions that ship with the program. Where a copy cannot be made, sessions of an
  /// installation can be looked at and not trained; that is said once.
  private static let shipped: URL? = ProgramFiles.own.map { files in
    do { return try files.sessions(copiedTo: UserFolders().data) } catch {
      Console.shared.complain(sentence(for: error))
      return files.folder.appendingPathComponent("sessions")
    }
  }
}

/// `key=value` of `--set` and `--only`.
struct Assignment: Equatable {
  let key: String
  let value: String

  init(_ text: String, option: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let trimmed = parts.map { $0.trimmingCharacters(in: .whitespaces) }
    guard trimmed.count == 2, !trimmed[0].isEmpty else {
      throw ValidationError("\(option) '\(text)' is no assignment; expected key=value")
    }
    key = trimmed[0]
    value = trimmed[1]
  }
}

/// Throws a mistake in usage if the value of an option is out of range.
func check<T: Comparable>(_ option: String, _ value: T?, in range: ClosedRange<T>) throws {
  guard let value, !range.contains(value) else { return }
  throw ValidationError(
    "\(option) \(value) is out of range; expected \(range.lowerBound)…\(range.upperBound)")
}

/// Runs `body`; what is wrong with a value given as a flag is a mistake in usage (status 64).
func asUsage<T>(_ option: String, _ body: () throws -> T) throws -> T {
  do { return try body() } catch let error as RecipeError {
    // `--epochs` says which setting is meant; `--set` leaves that to the key.
    throw ValidationError("\(option) \(option == "--set" ? "\(error)" : error.message)")
  }
}
