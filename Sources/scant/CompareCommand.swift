/// `scant compare FOLDER`: which method is best on these recordings, within a budget of time.
import ArgumentParser
import Formats
import Foundation
import Lab
import Output

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Find the best method for a folder of sounds within a time budget.",
    discussion: """
      Trains each method that fits the data on every cross-validation fold and chooses its \
      settings on validation clips. Measured durations decide what fits the budget. The runs form \
      a session. Ctrl-C writes a checkpoint and exits with status 130; the same command resumes, \
      also with a larger budget.

      Examples:
        scant compare my-sounds --budget 15m
        scant compare my-sounds --methods b1,transfer --json
      """)

  @Argument(
    help: ArgumentHelp("A folder of sounds with labels, or a session.", valueName: "folder"),
    completion: Completions.sessions)
  var folder: String

  @Option(help: ArgumentHelp("Total time, such as 90s, 10m or 1h.", valueName: "time"))
  var budget = TimeBudget.usual

  @Option(
    help: ArgumentHelp(
      "Ids of methods, such as transfer,b1; default: all that fit.", valueName: "ids"))
  var methods: String?

  @Option(help: ArgumentHelp("Folder for the runs; default: a new session."))
  var out: String?

  @Flag(help: "Write one JSON document to stdout and all messages to stderr.")
  var json = false

  @Flag(help: "Discard the earlier comparison of this folder.")
  var fresh = false

  @OptionGroup var options: SessionOptions

  func validate() throws {
    for id in wanted ?? [] where !ComparisonRows.known.contains(id) {
      throw ValidationError(
        "--methods '\(id)' cannot be compared; expected some of "
          + ComparisonRows.known.joined(separator: ", "))
    }
  }

  private var wanted: [String]? {
    methods?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  func run() throws {
    let begin = ContinuousClock.now
    let subject = try ComparisonSubject(folder, out: out, options)
    let (stop, interruption, meter) = (TrainingStop(), Interruption(), Meter())
    interruption.whenRaised { stop.stop(.asked) }
    let executor = RunExecutor()
    let setup = try subject.setup(wanted, executor) { preparation in
      meter.show(
        Meter.Reading(
          what: preparation.what, done: preparation.done, total: preparation.total,
          left: preparation.eta))
      return !interruption.isRaised
    }
    Self.introduce(setup, subject.place)
    Console.shared.say(setup.sentence(budget))
    var runner = try ComparisonRunner(
      setup, in: subject.place, answers: subject.answers(), budget: budget, fresh: fresh,
      executor: executor, stop: stop,
      begin: begin, handlers: Self.handlers(meter))
    if try runner() == .interrupted { throw ExitCode.interrupted }
    let comparison = try runner.comparison()
    let verdict = try Verdict(comparison)
    try runner.keep(verdict, on: comparison)
    let output = ComparisonOutput(verdict: verdict, record: runner.record, folder: subject.place)
    try output.write(json: json)
  }

  private static func introduce(_ setup: ComparisonSetup, _ place: URL) {
    let console = Console.shared
    for line in setup.data.problems.prefix(mostProblems) { console.complain(line) }
    let more = setup.data.problems.count - mostProblems
    if more > 0 { console.complain("and \(more) more: scant data check") }
    for line in setup.remarks { console.say(line) }
    console.say("session: \(place.fromHere)")
  }

  private static let mostProblems = 5

  private static func handlers(_ meter: Meter) -> ComparisonRunner.Handlers {
    ComparisonRunner.Handlers(
      progress: { progress in
        meter.show(
          Meter.Reading(
            what: progress.what, done: Int(progress.fraction * 100), total: 100,
            left: progress.left, note: progress.note, isShare: true))
      }, say: { Console.shared.say($0) })
  }
}

extension TimeBudget: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
  public var defaultValueDescription: String { "15m" }
}

/// What is compared, and where its runs are kept.
private struct ComparisonSubject {
  private enum Kind {
    case folder(URL, id: String)
    case session(Session)
  }

  private let kind: Kind
  /// As the command names it.
  private let path: String
  /// The session's folder.
  let place: URL
  /// Of the session that the folder has beside its comparison.
  private let own: URL?

  /// `path`: a folder of sounds, a session, or the session of an earlier comparison.
  init(_ path: String, out: String?, _ options: SessionOptions) throws {
    self.path = path
    let out = out.map { URL(fileURLWithPath: $0, isDirectory: true) }
    if let folder = try FolderSession(path, options.folders, suffix: "-compare") {
      let id = try SoundFolder(path).id
      kind = .folder(URL(fileURLWithPath: path, isDirectory: true), id: id)
      place = try out ?? folder.place(in: options.folderHome)
      own = try FolderSession(path, options.folders)?.place(in: options.folderHome)
      return
    }
    let url = URL(fileURLWithPath: path)
    if path.contains("/"), url.pathExtension != "yaml", try !StoredFile.isFolder(url) {
      // It says which of them it is: nothing, or a file.
      _ = try SoundFolder(path)
    }
    let session = try options.find(path)
    guard out == nil else {
      throw ValidationError("--out: the runs of a session lie in its folder; expected none")
    }
    (place, own) = (session.folder, nil)
    if try ComparisonRecord.read(session.folder) != nil, let recipe = session.runs.first?.recipe,
      try ComparisonDraft.wrote(session.folder), let root = recipe["dataset.root"]
    {
      kind = .folder(URL(fileURLWithPath: root, isDirectory: true), id: recipe.dataset)
    } else {
      kind = .session(session)
    }
  }

  /// Those that lie beside the comparison and beside the folder's own session; nil without any. Of
  /// two to one label, that beside the comparison counts.
  func answers() throws -> LabelPatch? {
    guard case .folder = kind else { return nil }
    let found = try [own, place].compactMap { folder -> LabelPatch? in
      guard let file = folder?.appendingPathComponent(LabelPatch.fileName),
        try StoredFile.exists(file)
      else { return nil }
      return try LabelPatch(reading: file)
    }
    let joined = LabelPatch(found.flatMap(\.answers))
    return joined.count > 0 ? joined : nil
  }

  func setup(
    _ methods: [String]?, _ executor: RunExecutor, progress: @escaping PreparationHandler
  ) throws -> ComparisonSetup {
    switch kind {
    case .folder(let url, let id):
      return try suggestingLabels(for: path) {
        try ComparisonSetup(
          folder: url, id: id, methods: methods, executor: executor, progress: progress)
      }
    case .session(let session):
      return try ComparisonSetup(session, methods: methods, executor: executor, progress: progress)
    }
  }
}
