import Canvas

/// What is inside a pane's border, and what the border says.
package protocol PaneView: Widget {
  var title: String { get }
  /// At the right of the title.
  var note: String { get }
  /// The line of the pane's list that is drawn on row `y` of the screen; nil where there is none.
  func line(at y: Int, in rect: Rect) -> Int?
}

extension PaneView {
  package var note: String { "" }
  package func line(at y: Int, in rect: Rect) -> Int? { nil }
}

/// Lines of text in a pane: what is to be said, and what to do about it.
struct Notice: Widget {
  var lines: [StyledText]
  var glyphs: GlyphSet

  init(_ lines: [StyledText], glyphs: GlyphSet) {
    self.lines = lines
    self.glyphs = glyphs
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    let shown = lines.flatMap { $0.folded(to: rect.width - 2) }
    for (row, line) in shown.prefix(rect.height).enumerated() {
      grid.text([line], x: rect.x + 1, y: rect.y + row, maxWidth: rect.width - 2)
    }
  }
}

extension StyledText {
  /// Itself where it fits, spaces and all; else broken at spaces.
  func folded(to width: Int) -> [StyledText] {
    guard text.columns > width else { return [self] }
    return text.wrapped(to: width).map { StyledText($0, ink: ink, paper: paper) }
  }
}
