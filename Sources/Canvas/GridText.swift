/// Text and fills, which all widgets use.
extension Grid {
  /// Writes a line at (x, y), truncated with an ellipsis at `maxWidth` columns. Control characters
  /// are dropped. Returns the number of columns used.
  @discardableResult
  public mutating func text(
    _ text: String, x: Int, y: Int, ink: Ink = .plain, paper: Ink = .plain,
    maxWidth: Int = .max, ellipsis: Character = "…"
  ) -> Int {
    guard maxWidth > 0 else { return 0 }
    var column = x
    for cell in text.cells(fittedTo: maxWidth, ellipsis: ellipsis) where cell.columns > 0 {
      write(cell, cell.columns, x: column, y: y, ink: ink, paper: paper)
      column += cell.columns
    }
    return column - x
  }

  /// A wide character whose other half would be clipped becomes a space.
  private mutating func write(
    _ character: Character, _ columns: Int, x: Int, y: Int, ink: Ink, paper: Ink
  ) {
    let isWhole = columns == 1 || isWritable(x: x, y: y) && isWritable(x: x + 1, y: y)
    let glyph = isWhole ? character : " "
    self[x, y] = Cell(glyph, ink: ink, paper: paper, width: isWhole ? UInt8(columns) : 1)
    if columns == 2 {
      self[x + 1, y] = Cell(" ", ink: ink, paper: paper, width: isWhole ? 0 : 1)
    }
  }

  /// Writes pieces of text in a row. Returns the number of columns used.
  @discardableResult
  public mutating func text(
    _ pieces: [StyledText], x: Int, y: Int, maxWidth: Int = .max, ellipsis: Character = "…"
  ) -> Int {
    var used = 0
    for piece in pieces where used < maxWidth {
      used += text(
        piece.text, x: x + used, y: y, ink: piece.ink, paper: piece.paper,
        maxWidth: maxWidth - used, ellipsis: ellipsis)
    }
    return used
  }

  /// Fills `rect`.
  public mutating func fill(_ rect: Rect, with cell: Cell = Cell()) {
    let area = rect.intersection(bounds)
    for y in area.y..<area.bottom {
      for x in area.x..<area.right { self[x, y] = cell }
    }
  }

  /// Writes a glyph of width 1.
  public mutating func put(
    _ glyph: Character, x: Int, y: Int, ink: Ink = .plain, paper: Ink = .plain
  ) {
    self[x, y] = Cell(glyph, ink: ink, paper: paper)
  }
}

/// Text in one style.
public struct StyledText: Sendable, Hashable, ExpressibleByStringLiteral {
  public var text: String
  public var ink: Ink
  public var paper: Ink

  public init(_ text: String, ink: Ink = .plain, paper: Ink = .plain) {
    self.text = text
    self.ink = ink
    self.paper = paper
  }

  public init(stringLiteral value: String) { self.init(value) }
}
