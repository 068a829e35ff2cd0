/// `scant run SESSION`: a session without a screen.
import ArgumentParser
import Lab

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train every run of a session without a screen, then print its table.",
    discussion: """
      Finished runs are skipped and interrupted ones resume. Ctrl-C writes a checkpoint and exits \
      with status 130.
      """)

  @Argument(help: "A session's name, its folder or its session.yaml.")
  var session: String

  @Flag(help: "Events as JSON lines on stdout; the table and all words go to stderr.")
  var json = false

  @Option(help: ArgumentHelp("Runs to train, as method=b1,seed=0.", valueName: "key=value,…"))
  var only: [String] = []

  @Option(
    help: ArgumentHelp("Change a setting of every run; repeatable.", valueName: "key=value"))
  var set: [String] = []

  @Option(
    help: ArgumentHelp(
      "Runs trained at the same time: 1. One run uses all cores.", valueName: "n"))
  var jobs = 1

  @Flag(help: "Forget earlier results of the chosen runs and train them again.")
  var fresh = false

  @OptionGroup var options: SessionOptions

  func validate() throws {
    guard jobs == 1 else {
      throw ValidationError("--jobs \(jobs) is not possible; expected 1: a run uses all cores")
    }
  }

  func run() throws {
    let selection = try RunSelection(only)
    let session = try selection(options.find(session).setting(set))
    try SessionRun(session: session, json: json, fresh: fresh)()
  }
}
