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
  /// Repaint every cell.
  case redraw
}
