import ArgumentParser
import Formats
import Foundation
import Lab
import Output

/// `scant run SESSION`: a session without a screen.
struct TrainSessionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train all runs of a session without a screen and print its table.",
    discussion: """
      Finished runs are skipped; interrupted runs resume. Ctrl-C writes a checkpoint and exits \
      with status 130.

      Examples:
        scant run band-missing-labels
        scant run band-missing-labels --only method=b1,seed=0 --set training.epochs=4
      """)

  @Argument(
    help: "Name, folder or session.yaml of a session; or a folder of sounds.",
    completion: Completions.sessions)
  var session: String

  @Flag(help: "Write events as JSON lines to stdout, the table and all messages to stderr.")
  var json = false

  @Option(help: ArgumentHelp("Runs to train, such as method=b1,seed=0.", valueName: "key=value,…"))
  var only: [String] = []

  @Option(
    help: ArgumentHelp("Change a setting of every run; repeatable.", valueName: "key=value"))
  var set: [String] = []

  @Option(
    help: ArgumentHelp(
      "Number of runs at the same time: 1, since a run uses all cores.", valueName: "n"))
  var jobs = 1

  @Flag(help: "Print every score of each network after each run.")
  var all = false

  @Flag(help: "Discard earlier results of the chosen runs and train them again.")
  var fresh = false

  @OptionGroup var options: SessionOptions

  func validate() throws {
    guard jobs == 1 else {
      throw ValidationError("--jobs \(jobs) is not possible; expected 1: a run uses all cores")
    }
  }

  func run() throws {
    let selection = try RunSelection(only)
    let session = try selection(options.findOrMake(session).setting(set))
    try SessionRun(session: session, json: json, fresh: fresh, showsAll: all)()
  }
}

/// Which runs of a session are meant, and with which settings: `--only` and `--set`.
struct RunSelection {
  private let wanted: [(key: String, values: [String])]

  /// `method=b1,seed=0`, comma-separated; a key named twice accepts either value.
  init(_ texts: [String]) throws {
    var wanted: [(key: String, values: [String])] = []
    for part in texts.flatMap({ $0.split(separator: ",") }) {
      let assignment = try Assignment(String(part), option: "--only")
      let isIdentity = ["dataset", "model", "method"].contains(assignment.key)
      let key = isIdentity ? "\(assignment.key).id" : assignment.key
      if let known = wanted.firstIndex(where: { $0.key == key }) {
        wanted[known].values.append(assignment.value)
      } else {
        wanted.append((key, [assignment.value]))
      }
    }
    self.wanted = wanted
  }

  /// The session with the chosen runs alone. Nothing chosen is a mistake in usage.
  func callAsFunction(_ session: Session) throws -> Session {
    var chosen = session
    for (key, values) in wanted {
      let found = Set(session.runs.compactMap { $0.recipe[key] })
      guard !found.isEmpty else {
        throw ValidationError("--only \(key): no run has this setting; expected a recipe key")
      }
      chosen.runs.removeAll { run in
        guard let own = run.recipe[key] else { return true }
        return !values.contains { RecipeField.equal(own, $0) }
      }
      if chosen.runs.isEmpty {
        throw ValidationError(
          "--only \(key)=\(values.joined(separator: ",")) leaves no run; "
            + "expected one of \(found.sorted().joined(separator: ", "))")
      }
    }
    return chosen
  }
}

extension Session {
  /// The session that the run belongs to; without one, a session of this run alone.
  static func holding(_ run: RunFolder) throws -> Session {
    let folder = run.url.deletingLastPathComponent().deletingLastPathComponent()
    if try StoredFile.exists(folder.appendingPathComponent("session.yaml")) {
      // A run can be shown without its session, which may be broken.
      do { return try Session.read(folder) } catch { Console.shared.complain("\(error)") }
    }
    // Runs side by side in a folder `runs` are compared as those of a session are.
    let isBeside = run.url.deletingLastPathComponent().lastPathComponent == "runs"
    let name = isBeside ? folder.standardizedFileURL.lastPathComponent : run.name
    return Session(name: name, title: name, folder: folder, runs: [])
  }

  /// Every run with these settings changed (`--set`, repeatable).
  func setting(_ assignments: [String]) throws -> Session {
    try assignments.reduce(self) { session, text in
      let assignment = try Assignment(text, option: "--set")
      return try asUsage("--set") {
        try session.setting(assignment.key, to: assignment.value)
      }
    }
  }
}
