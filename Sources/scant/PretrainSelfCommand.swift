/// `scant pretrain self`: pre-trains a model on the sounds of one's own clips.
import ArgumentParser
import Foundation
import Lab
import Output

struct PretrainSelfCommand: ParsableCommand {
  static let name = "self"
  static let configuration = CommandConfiguration(
    commandName: name,
    abstract: "Pre-train a model on the sounds of a data set and write its weights.",
    discussion: """
      A run of the method self-supervised without labels: all training clips are heard, labelled \
      or not. The run is watched, interrupted and resumed like any other. The file is the start \
      of other runs: model.weights.

      Example:
        scant pretrain self --dataset my-sounds --epochs 50 --out my-sounds.safetensors
        scant train --dataset my-sounds --set model.weights=my-sounds.safetensors
      """)

  @Option(help: "Id of a data set, or a folder of sound files.")
  var dataset = "band"

  @Option(help: "Id of a model that starts from a file of weights: cnn or ast.")
  var model = "cnn"

  @Option(help: ArgumentHelp("Random seed (initial weights, clip order, views).", valueName: "n"))
  var seed = 0

  @Option(help: ArgumentHelp("Number of passes over the training clips.", valueName: "n"))
  var epochs: Int?

  @Option(help: ArgumentHelp("Number of threads; 0: one per core.", valueName: "n"))
  var threads: Int?

  @Option(help: ArgumentHelp("Another setting; repeatable.", valueName: "key=value"))
  var set: [String] = []

  @Option(help: ArgumentHelp("File for the weights.", valueName: "file.safetensors"))
  var out: String

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("Folder of the run; default: ./runs/<name>.", valueName: "dir"))
  var runFolder: String?

  @Flag(help: "Write events as JSON lines to stdout and all messages to stderr.")
  var json = false

  @Flag(help: "Discard earlier results in the run's folder.")
  var fresh = false

  func validate() throws {
    guard out.hasSuffix(".safetensors") else {
      throw ValidationError("--out \(out) is no .safetensors file; expected such a name")
    }
  }

  func run() throws {
    let flags = RunFlags(
      dataset: dataset, model: model, method: "self-supervised", seed: seed, epochs: epochs,
      threads: threads, set: ["method.use=none"] + set)
    let recipe = try flags.recipe()
    guard recipe["model.weights"] != nil else {
      throw ValidationError(
        "--model \(model) does not start from a file of weights; expected cnn or ast")
    }
    let folder = try flags.folder(runFolder, for: recipe)
    let reporter = RunReporter(folder.name, writesEvents: json)
    let headless = HeadlessRun(
      recipe: recipe, folder: folder, fresh: fresh, executor: RunExecutor(), reporter: reporter,
      interruption: Interruption())
    let ended: RunEnded =
      switch try headless() {
      case .trained(let end), .alreadyDone(let end): end
      }
    reporter.ended(ended)
    Console.shared.say("run folder: \(folder.url.fromHere)")
    try ended.demandDone()
    try write(folder)
  }

  private func write(_ folder: RunFolder) throws {
    let weights = try BackboneWeights(of: folder)
    let file = URL(fileURLWithPath: out)
    try weights.write(to: file)
    let last = try folder.lastScalars()
    var table = ConsoleTable(["file", "values", "loss", "spread"], numbers: [1, 2, 3])
    table.append([
      file.relativePath, "\(weights.count)",
      last["loss/total"].map { Double($0).fixed(4) } ?? "",
      last["embedding/spread"].map { Double($0).fixed(3) } ?? "",
    ])
    let start = "--dataset \(dataset.forShell) --set model.weights=\(file.path.forShell)"
    let next = "next: scant train \(start)".visible
    let text = table.text + "\n" + next
    if json { Console.shared.say(text) } else { try Console.shared.print(text) }
  }
}
