import Lab

/// What the workbench wants done outside of itself. The shell carries these out, in order.
public enum Effect: Sendable, Equatable {
  case engine(Request)
  /// Leave. Preceded by what the engine must do first (`shutDown` or `stop`).
  case quit
  /// Hand the terminal back to the shell, as Ctrl-Z does.
  case suspend
  /// Play this sound file through an external player; a new one replaces the old one.
  case play(file: String)
  case stopPlaying
  case cycleTheme
  case cycleGlyphs
  case cycleColor
  /// Write to a file of this name beside the session: every curve, the masked labels, the picture
  /// on the screen as text or as an asciicast.
  case export(SeriesText, file: String)
  case exportMask(file: String)
  case writeFrame(file: String)
  case writeCast(file: String)
  /// Begin to record pictures, or end it and write the asciicast.
  case recordCast(file: String)
  /// To the clipboard; where the terminal has none, to a file of this name.
  case copy(String, file: String)
  /// Leave the terminal and go on training without one.
  case detach
  /// Repaint every cell.
  case redraw
}
