/// `scant note RUN [TEXT]`: what a person notes about a run.
import ArgumentParser
import Foundation
import Lab
import Output

struct NoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note",
    abstract: "Print or replace the note about a run; words that begin with # are its tags.",
    discussion: """
      The note is stored in the run's folder and shown on 7 Sessions, where / finds its words. An \
      empty text removes it.
      """)

  @Argument(help: ArgumentHelp("The folder of a run.", valueName: "run"))
  var folder: String

  @Argument(help: "The note; the present one is printed if absent.")
  var text: String?

  func run() throws {
    let folder = RunFolder(URL(fileURLWithPath: folder, isDirectory: true))
    guard let text else {
      _ = try folder.readRecipe()
      if let note = try folder.note() { try Console.shared.print(note.text.visible) }
      return
    }
    try folder.write(RunNote(text))
  }
}
