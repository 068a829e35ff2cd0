/// The program: which commands there are, and how every error becomes one line and a status.
import ArgumentParser
import Formats
import Foundation
import Lab

@main
struct Scant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scant",
    abstract: "A terminal workbench for audio classification with scarce labels.",
    discussion: """
      Without a command the workbench opens (without a terminal: the session runs headless).
      Exit status: 0 done, 1 the work failed, 64 usage, 130 interrupted after a checkpoint.
      """,
    version: "scant \(Build.version)",
    subcommands: [
      OpenCommand.self, RunCommand.self, TrainCommand.self, EvaluateCommand.self,
      PredictCommand.self, EmbedCommand.self, TableCommand.self, ExportCommand.self,
      ReplayCommand.self, DataCommand.self, FeaturesCommand.self, WeightsCommand.self,
      DatasetsCommand.self, ModelsCommand.self, MethodsCommand.self, MetricsCommand.self,
      SessionsCommand.self, BenchCommand.self, PretrainCommand.self, ThemeCommand.self,
    ],
    defaultSubcommand: OpenCommand.self)

  static func main() {
    // A reader that goes away must not take a training with it: writes report EPIPE instead.
    signal(SIGPIPE, SIG_IGN)
    // A file that reaches its limit is an error of one write, as a full disk is.
    signal(SIGXFSZ, SIG_IGN)
    StandardStreams.occupy()
    SystemLimits.check()
    do {
      var command = try parseAsRoot()
      useConfiguredFolders()
      try command.run()
    } catch {
      Foundation.exit(report(error))
    }
  }

  /// What is wrong with them is said, and they are not looked into.
  private static func useConfiguredFolders() {
    let folders = FolderConfiguration(Preferences.file())
    for problem in folders.problems { Console.shared.complain(problem) }
    folders.apply()
  }

  /// Says what happened, on one line, and returns the exit status.
  private static func report(_ error: any Error) -> Int32 {
    if error is CancellationError { return ExitCode.interrupted.rawValue }
    let status = exitCode(for: error)
    switch status {
    case .success:
      try? Console.shared.print(fullMessage(for: error))
    case .validationFailure:
      let message = message(for: error).split(separator: "\n").joined(separator: " ")
      Console.shared.complain("\(message); see '\(helpCommand)'")
    case _ where error is ExitCode: break
    default: Console.shared.complain("\(sentence(for: error))")
    }
    return status.rawValue
  }

  /// `scant run --help` after a mistake in the arguments of `run`.
  private static var helpCommand: String {
    let names = configuration.subcommands.map { $0._commandName }
    guard let name = CommandLine.arguments.dropFirst().first, names.contains(name) else {
      return "scant --help"
    }
    return "scant \(name) --help"
  }
}

extension ExitCode {
  /// Ctrl-C or SIGTERM, after a checkpoint.
  static let interrupted = ExitCode(130)
}

/// Our own errors are a sentence already; for Foundation's: the file and the system's words.
func sentence(for error: any Error) -> String { SystemWords.sentence(error) }
