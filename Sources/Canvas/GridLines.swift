/// A picture as plain text, for files and for tests.
extension Grid {
  /// A line a row, without trailing spaces.
  public var lines: [String] { lines(in: bounds) }

  /// The same of a part.
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
