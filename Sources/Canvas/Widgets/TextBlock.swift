/// Wrapped text, from line `first` on.
public struct TextBlock: Widget, Sendable, Hashable {
  public var paragraphs: [StyledText]
  public var first: Int
  public var glyphs: GlyphSet

  public init(_ paragraphs: [StyledText], first: Int = 0, glyphs: GlyphSet) {
    self.paragraphs = paragraphs
    self.first = first
    self.glyphs = glyphs
  }

  public init(_ text: String, ink: Ink = .plain, first: Int = 0, glyphs: GlyphSet) {
    self.init([StyledText(text, ink: ink)], first: first, glyphs: glyphs)
  }

  /// The number of lines at a given width, for scrolling.
  public func lines(width: Int) -> [StyledText] {
    paragraphs.flatMap { paragraph in
      paragraph.text.wrapped(to: width).map {
        StyledText($0, ink: paragraph.ink, paper: paragraph.paper)
      }
    }
  }

  public func draw(in rect: Rect, on grid: inout Grid) {
    guard !rect.isEmpty else { return }
    let lines = lines(width: rect.width)
    let shown = lines.dropFirst(max(0, first)).prefix(rect.height)
    grid.clipped(to: rect) { grid in
      for (row, line) in shown.enumerated() {
        grid.text([line], x: rect.x, y: rect.y + row, maxWidth: rect.width)
      }
    }
  }
}
