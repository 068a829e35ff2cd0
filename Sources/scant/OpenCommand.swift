/// `scant [SESSION]`: the workbench where there is a terminal, the session without a screen where
/// there is none.
import ArgumentParser
import Foundation
import Lab
import Terminal

struct OpenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "The workbench (what scant does without a command).")

  @Argument(help: "A session's name, its folder or its session.yaml.")
  var session: String?

  @OptionGroup var options: SessionOptions

  @OptionGroup var screen: ScreenOptions

  func run() throws {
    let session = try options.find(session)
    guard screen.hasTerminal else { return try SessionRun(session: session)() }
    // First of all: threads made later inherit which signals are blocked.
    Signals.block()
    let script = try screen.keys.map { try KeyScript(file: $0) }
    let appearance = try Appearance(theme: screen.theme)
    let shell = try WorkbenchShell(
      session: session, shelves: options.folders, appearance: appearance,
      options: screen.cursesOptions(appearance), script: script, marks: screen.frameMarks)
    let status = try shell.run()
    if status != 0 { throw ExitCode(status) }
  }
}
