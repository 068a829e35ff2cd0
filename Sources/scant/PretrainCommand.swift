/// `scant pretrain NETWORK`: trains the weights that come with the program again. `scant pretrain
/// self`: on one's own clips.
import ArgumentParser
import Foundation
import Lab
import Output

struct PretrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Pre-train a network and write its weights.",
    discussion: """
      Examples:
        scant pretrain self --dataset my-sounds --out my-sounds.safetensors
        scant pretrain band-net --out band-net.safetensors
      """,
    subcommands: [PretrainSelfCommand.self, PretrainNetworkCommand.self],
    defaultSubcommand: PretrainNetworkCommand.self)
}

struct PretrainNetworkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "network",
    abstract: "Pre-train a network on rendered notes and write its weights (the default).",
    discussion: """
      The source task is to recognize the General MIDI program (of 112) and the key of a note. It \
      needs FluidSynth and the SoundFont TimGM6mb. The same seed and number of threads give the \
      same file, bit for bit, on the same machine.

      Example:
        scant pretrain band-net --out band-net.safetensors

      \(PretrainedNetwork.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "\n"))
      """)

  @Argument(help: ArgumentHelp("Id of the network.", valueName: "network"))
  var id: String

  @Option(help: ArgumentHelp("File for the weights.", valueName: "file.safetensors"))
  var out: String?

  @Option(help: ArgumentHelp("Random seed (notes, initial weights, order).", valueName: "n"))
  var seed = 1

  @Option(help: ArgumentHelp("Number of training notes per program.", valueName: "n"))
  var notes: Int?

  @Option(help: ArgumentHelp("Passes over the notes.", valueName: "n"))
  var epochs: Int?

  func validate() throws {
    guard PretrainedNetwork(rawValue: id) != nil else {
      let ids = PretrainedNetwork.allCases.map(\.rawValue) + [PretrainSelfCommand.name]
      let known = ids.joined(separator: ", ")
      throw ValidationError("'\(id)' is no network to pre-train; expected one of \(known)")
    }
    if let out, !out.hasSuffix(".safetensors") {
      throw ValidationError("--out \(out) is no .safetensors file; expected such a name")
    }
    try check("--seed", seed, in: 0...1_000_000_000)
    try check("--notes", notes, in: 1...100_000)
    try check("--epochs", epochs, in: 1...100_000)
  }

  func run() throws {
    guard let network = PretrainedNetwork(rawValue: id) else { return }
    let file = URL(fileURLWithPath: out ?? network.fileName)
    let (interruption, meter) = (Interruption(), Meter())
    let pretraining = Pretraining(network, seed: seed, notes: notes, epochs: epochs)
    let score = try pretraining(to: file, progress: meter.progress(until: interruption))
    var table = ConsoleTable(
      ["file", "parameters", "held-out notes", "program right", "key right"],
      numbers: [1, 2, 3, 4])
    table.append([
      file.relativePath, "\(score.parameters)", "\(score.notes)", score.program.fixed(3),
      score.key.fixed(3),
    ])
    try Console.shared.print(table.text)
  }
}
