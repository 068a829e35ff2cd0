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

  @Option(help: "Id of a data set, or a folder of sound files.")
  var dataset = "band"

  @Option(help: "Id of a model.")
  var model = "cnn"

  @Option(help: "Id of a method.")
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
    let recipe = try recipe()
    let folder = try runFolder(for: recipe)
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
    switch ended.reason {
    case .done: break
    case .failed: throw ExitCode.failure
    case .stopped, .interrupted: throw ExitCode.interrupted
    }
  }

  private func recipe() throws -> Recipe {
    try checkFolder()
    var recipe = try asUsage("--dataset") { try Recipe().choosing(dataset: dataset) }
    func apply(_ option: String, _ key: String, _ value: String) throws {
      recipe = try asUsage(option) { try recipe.setting(key, to: value) }
    }
    try apply("--model", "model.id", model)
    try apply("--method", "method.id", method)
    try apply("--seed", "seed", "\(seed)")
    if let epochs { try apply("--epochs", "training.epochs", "\(epochs)") }
    if let threads { try apply("--threads", "training.threads", "\(threads)") }
    if let labels {
      try apply("--labels", "dataset.observed", "\(labels)")
      if labels < 1, recipe["dataset.hiding"] == "none" {
        try apply("--labels", "dataset.hiding", "balanced")
      }
    }
    for text in set {
      let assignment = try Assignment(text, option: "--set")
      try apply("--set", assignment.key, assignment.value)
    }
    return recipe
  }

  /// A data set named by a path must be a folder with the tables of a data set.
  private func checkFolder() throws {
    if DatasetCatalog.find(dataset) != nil { return }
    let folder = URL(fileURLWithPath: dataset, isDirectory: true)
    let expected =
      "expected a data set's id, or a folder of sounds with labels.csv, label tracks "
      + "or a folder a class"
    if try !StoredFile.exists(folder) {
      guard dataset.contains("/") else { return }
      throw LabError("\(dataset): no such folder; \(expected)")
    }
    guard try DatasetCatalog.recognize(folder) != nil else {
      throw LabError("\(dataset): no sound file and no table of labels here; \(expected)")
    }
  }

  /// `--out`, or a name of its own below `./runs` that no other recipe has taken.
  private func runFolder(for recipe: Recipe) throws -> RunFolder {
    if let out { return RunFolder(URL(fileURLWithPath: out, isDirectory: true)) }
    let data = URL(fileURLWithPath: dataset).standardizedFileURL.lastPathComponent
    let name = "\(data)-\(recipe.model)-\(recipe.method)-s\(recipe.seed)"
    let runs = URL(fileURLWithPath: "runs", isDirectory: true)
    let names = [name] + (2...1000).map { "\(name)-\($0)" }
    let folders = names.lazy.map { RunFolder(runs.appendingPathComponent($0)) }
    let free = try folders.first { folder in
      do {
        guard let stored = try folder.storedRecipe() else { return true }
        return recipe.change(since: stored) == nil
      } catch is RecipeError {
        // Of another build, as a rule: somebody's all the same.
        return false
      }
    }
    return free ?? RunFolder(runs.appendingPathComponent(name))
  }
}
