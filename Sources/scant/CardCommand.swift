/// `scant card RUN`: a model card.
import ArgumentParser
import Formats
import Foundation
import Lab
import Output

struct CardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "card",
    abstract: "Write a model card for a run: data, scores, provenance, limits.",
    discussion: """
      Markdown with the front matter of Hugging Face. What the run's folder does not say is called \
      unknown; fill in licence and intended use before you publish it.

      Example:
        scant card runs/b1-s0 --out README.md
      """)

  @Argument(
    help: ArgumentHelp("Folder of a run.", valueName: "run"), completion: Completions.runs)
  var path: String

  @Option(help: ArgumentHelp("Output file. Default: stdout.", valueName: "path"))
  var out: String?

  func run() throws {
    let folder = try RunFolder(argument: path)
    let card = try ModelCard(folder, columns: try Session.holding(folder).columns).markdown
    guard let out else { return try Console.shared.print(data: card) }
    try AtomicFile.write(Data(card.utf8), to: URL(fileURLWithPath: out))
  }
}
