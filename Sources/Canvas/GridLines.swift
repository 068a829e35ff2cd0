/// A picture as plain text, for files and for tests.
extension Grid {
  /// A line a row, without trailing spaces.
  public var lines: [String] {
    (0..<height).map { y in
      var line = ""
      for x in 0..<width where self[x, y].width > 0 { line.append(self[x, y].glyph) }
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
  }
}
