/// `scant note RUN [TEXT]`: what a person notes about a run.
import ArgumentParser
import Foundation
import Lab
import Output

struct NoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note",
    abstract: "Print or replace the note on a run. Words that begin with # are tags.",
    discussion: """
      The note is stored in the run's folder. 7 Sessions shows it, and / searches it. An empty \
      text removes the note.

      Example:
        scant note runs/b1-s0 "learning rate too high #retry"
      """)

  @Argument(
    help: ArgumentHelp("Folder of a run.", valueName: "run"), completion: Completions.runs)
  var folder: String

  @Argument(help: "New text; without it the command prints the note.")
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
