/// `scant [SESSION]`: the workbench where there is a terminal, the session without a screen where
/// there is none.
import ArgumentParser
import Canvas
import Foundation
import Lab
import Terminal

struct OpenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "The workbench (what scant does without a command).")

  @Argument(help: "A session's name, its folder or its session.yaml.")
  var session: String?

  @OptionGroup var options: SessionOptions

  @Option(help: "A theme's name or file.")
  var theme: String?

  @Option(help: "auto, unicode, block or ascii.")
  var glyphs: String = "auto"

  @Option(help: "auto, mono, 16, 256 or direct.")
  var color: String = "auto"

  @Flag(help: "Leave the mouse to the terminal.")
  var noMouse = false

  @Option(help: ArgumentHelp("Press the keys of this file first, one a line.", valueName: "file"))
  var keys: String?

  func validate() throws {
    if glyphs != "auto", GlyphTier(rawValue: glyphs) == nil {
      throw ValidationError("--glyphs '\(glyphs)'; expected auto, unicode, block or ascii")
    }
    if color != "auto", ColorTier(rawValue: color) == nil {
      throw ValidationError("--color '\(color)'; expected auto, mono, 16, 256 or direct")
    }
  }

  func run() throws {
    let session = try options.find(session)
    guard hasTerminal else { return try SessionRun(session: session)() }
    // First of all: threads made later inherit which signals are blocked.
    Signals.block()
    let script = try keys.map { try KeyScript(file: $0) }
    let appearance = try Appearance(theme: theme)
    let shell = try WorkbenchShell(
      session: session, appearance: appearance,
      options: Curses.Options(
        color: ColorTier(rawValue: color), glyphs: GlyphTier(rawValue: glyphs),
        themeGlyphs: appearance.theme.preferredTier, mouse: !noMouse),
      script: script)
    let status = try shell.run()
    if status != 0 { throw ExitCode(status) }
  }

  private var hasTerminal: Bool {
    isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
      && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }
}
