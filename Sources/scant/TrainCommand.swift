/// `scant train`: one run from flags alone.
import ArgumentParser
import Datasets
import Formats
import Foundation
import Lab
import Output

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train one run from command-line options and print its test score.",
    discussion: """
      --set changes any setting of the recipe. An interrupted run in the same folder resumes; a \
      finished run is not trained again. The output is the headline test score with its 95 % \
      bootstrap interval, the worst classes and the next command.

      Examples:
        scant train --dataset my-sounds --method b1 --out runs/my-b1
        scant train --method mean-teacher --epochs 8 --set training.batch=16
      """)

  @Option(
    help: "Id of a data set, or a folder of sound files.", completion: Completions.datasets)
  var dataset = "band"

  @Option(help: "Id of a model.", completion: Completions.models)
  var model = "cnn"

  @Option(help: "Id of a method.", completion: Completions.methods)
  var method = "b1"

  @Option(
    help: ArgumentHelp("Random seed (label hiding, initial weights, clip order).", valueName: "n"))
  var seed = 0

  @Option(help: ArgumentHelp("Number of passes over the training clips.", valueName: "n"))
  var epochs: Int?

  @Option(help: ArgumentHelp("Share of labels to keep, above 0 and up to 1.", valueName: "share"))
  var labels: Double?

  @Option(help: ArgumentHelp("Number of threads; 0: one per core.", valueName: "n"))
  var threads: Int?

  @Option(help: ArgumentHelp("Another setting; repeatable.", valueName: "key=value"))
  var set: [String] = []

  @Option(help: ArgumentHelp("Folder of the run; default: ./runs/<name>.", valueName: "dir"))
  var out: String?

  @Flag(help: "Write events as JSON lines to stdout and all messages to stderr.")
  var json = false

  @Flag(help: "Print every score of each network at the end.")
  var all = false

  @Flag(help: "Discard earlier results in the run's folder.")
  var fresh = false

  func run() throws {
    let recipe = try flags.recipe()
    let folder = try flags.folder(out, for: recipe)
    let interruption = Interruption()
    let reporter = RunReporter(folder.name, writesEvents: json)
    let headless = HeadlessRun(
      recipe: recipe, folder: folder, fresh: fresh, executor: RunExecutor(), reporter: reporter,
      interruption: interruption)
    let ended: RunEnded
    switch try suggestingLabels(for: dataset, headless.callAsFunction) {
    case .trained(let end): ended = end
    case .alreadyDone(let end):
      Console.shared.say("\(folder.url.fromHere) is finished; --fresh trains it again")
      ended = end
    }
    try report(ended, reporter, folder)
  }

  private func report(_ ended: RunEnded, _ reporter: RunReporter, _ folder: RunFolder) throws {
    reporter.ended(ended)
    if ended.reason == .done {
      let result = ResultText(folder: folder, showsAll: all)
      let next = try result.next(suggesting: folder.url.fromHere)
      let text = (try result.lines() + [next]).joined(separator: "\n")
      if json { Console.shared.say(text) } else { try Console.shared.print(text) }
    }
    Console.shared.say("run folder: \(folder.url.fromHere)")
    try ended.demandDone()
  }

  private var flags: RunFlags {
    RunFlags(
      dataset: dataset, model: model, method: method, seed: seed, epochs: epochs, labels: labels,
      threads: threads, set: set)
  }
}
