/// `scant [SESSION]`: the workbench where there is a terminal, the session without a screen where
/// there is none.
import ArgumentParser
import Foundation
import Lab

struct OpenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "The workbench (what scant does without a command).")

  @Argument(help: "A session's name, its folder or its session.yaml.")
  var session: String?

  @OptionGroup var options: SessionOptions

  func run() throws {
    let session = try options.find(session)
    if isatty(STDOUT_FILENO) == 1 {
      Console.shared.say("no workbench in this build: the session runs without a screen")
    }
    try SessionRun(session: session)()
  }
}
