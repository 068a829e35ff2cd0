/// A frame as plain text, for files and tests.
extension Grid {
  /// One line per row, without trailing spaces.
  public var lines: [String] { lines(in: bounds) }

  /// The same for a part of the grid.
  public func lines(in rect: Rect) -> [String] {
    let part = rect.intersection(bounds)
    return (part.y..<part.bottom).map { y in
      var line = ""
      for x in part.x..<part.right where self[x, y].width > 0 { line.append(self[x, y].glyph) }
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
  }
}
