/// How the workbench looks and which keys it is given, for every command that opens it.
import ArgumentParser
import Canvas
import Foundation
import Lab
import Output
import Terminal

struct ScreenOptions: ParsableArguments {
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

  /// For `scant bench ui`: a line for every picture sent.
  @Option(name: .customLong("frame-marks"), help: .hidden)
  var frameMarks: Int32?

  func validate() throws {
    if glyphs != "auto", GlyphTier(rawValue: glyphs) == nil {
      throw ValidationError("--glyphs '\(glyphs)'; expected auto, unicode, block or ascii")
    }
    if color != "auto", ColorTier(rawValue: color) == nil {
      throw ValidationError("--color '\(color)'; expected auto, mono, 16, 256 or direct")
    }
  }

  /// A flag, then the environment (`NO_COLOR`), then what is remembered.
  func cursesOptions(
    _ appearance: Appearance, _ remembered: Preferences = Preferences()
  ) -> Curses.Options {
    let refusesColor = ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    return Curses.Options(
      color: ColorTier(rawValue: color)
        ?? (refusesColor ? nil : remembered.color.flatMap(ColorTier.init)),
      glyphs: GlyphTier(rawValue: glyphs) ?? remembered.glyphs.flatMap(GlyphTier.init),
      themeGlyphs: appearance.theme.preferredTier, mouse: !noMouse)
  }

  var hasTerminal: Bool {
    isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
      && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }
}
