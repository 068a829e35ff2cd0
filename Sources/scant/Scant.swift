/// The program: which commands there are, and how every error becomes one line and a status.
import ArgumentParser
import Formats
import Foundation
import Lab
import Output

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
    StandardStreams.occupy()
    SystemLimits.check()
    runOrExit(prepare: useConfiguredFolders)
  }

  /// What is wrong with them is said, and they are not looked into.
  private static func useConfiguredFolders() {
    let folders = FolderConfiguration(Preferences.file())
    for problem in folders.problems { Console.shared.complain(problem) }
    folders.apply()
  }
}

/// Our own errors are a sentence already; for Foundation's: the file and the system's words.
func sentence(for error: any Error) -> String { SystemWords.sentence(error) }
