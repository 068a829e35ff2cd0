import Canvas

/// A text over the screen that scrolls, such as a guide or a verdict; any other key closes it.
struct TextOverlay: Overlay {
  let title: String
  /// Columns of the text, at most.
  let widest: Int
  /// The lines at a number of columns.
  let lines: @Sendable (_ width: Int, _ glyphs: GlyphSet) -> [[StyledText]]
  /// The first line shown.
  var first = 0

  /// Columns and lines of the frame.
  private static let frame = (columns: 4, lines: 2)

  init(
    title: String, widest: Int,
    lines: @escaping @Sendable (_ width: Int, _ glyphs: GlyphSet) -> [[StyledText]]
  ) {
    (self.title, self.widest, self.lines) = (title, widest, lines)
  }

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    guard let step = key.scrolledLines else {
      bench.overlay = nil
      return []
    }
    var overlay = self
    let room = max(1, bench.size.height - Self.frame.lines - 2)
    let count = text(bench.size.width, bench.glyphs).count
    overlay.first = max(0, min(count - room, first + step))
    bench.overlay = overlay
    return []
  }

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    let all = text(place.width, bench.glyphs)
    let room = max(1, place.height - Self.frame.lines)
    let start = min(first, max(0, all.count - room))
    return Box(
      title: title, note: all.count > room ? "j k scroll · esc closes" : "esc closes",
      spans: Array(all.dropFirst(start).prefix(room)))
  }

  private func text(_ width: Int, _ glyphs: GlyphSet) -> [[StyledText]] {
    lines(min(widest, width - Self.frame.columns), glyphs)
  }
}
