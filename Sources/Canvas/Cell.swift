/// The meaning of a mark. The theme maps it to a colour when the grid is drawn.
public enum Role: UInt8, Sendable, CaseIterable, Hashable {
  case text, muted, title, border, borderFocus, selection, good, warn, fault
  case positive, negative, missing, masked, student, teacher, human
  case series0, series1, series2, series3, series4, series5
}

/// An ordered scale of colours for values.
public enum Ramp: UInt8, Sendable, CaseIterable, Hashable { case sequential, diverging }

/// The meaning of a foreground or background.
public enum Ink: Sendable, Hashable {
  /// The terminal's default colour.
  case plain
  case role(Role)
  /// Level 0...15 of a ramp; level 0 is the background.
  case ramp(Ramp, UInt8)
}

/// A character cell. `width` is 1 or 2; the cell to the right of a wide one has width 0 and no
/// glyph.
public struct Cell: Sendable, Hashable {
  public var glyph: Character
  public var ink: Ink
  public var paper: Ink
  public var width: UInt8

  public init(_ glyph: Character = " ", ink: Ink = .plain, paper: Ink = .plain, width: UInt8 = 1) {
    self.glyph = glyph
    self.ink = ink
    self.paper = paper
    self.width = width
  }
}
