/// `scant cite RUN`: the papers of what a run uses.
import ArgumentParser
import Foundation
import Lab
import Output

struct CiteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cite", abstract: "Print the papers of what a run uses as BibTeX.",
    discussion: """
      Method, model, data set and extractors, as their cards name them. What has no paper is named \
      in a comment. Authors after the first ones of a card are "others".

      Example:
        scant cite runs/b1-s0 > scant.bib
      """)

  @Argument(
    help: ArgumentHelp("Folder of a run.", valueName: "run"), completion: Completions.runs)
  var path: String

  func run() throws {
    let recipe = try RunFolder(argument: path).readRecipe()
    if let outside = recipe.outside {
      Console.shared.complain(
        "\(outside.folder.path): trained outside Scant; the papers of what it used are not known")
    }
    try Console.shared.print(data: RunCitations(recipe).bibTeX)
  }
}
