import Canvas

/// A framed box over the panes, as large as its lines need and never larger than the place.
struct Box {
  var title: String
  var note = ""
  var lines: [StyledText]
  var selection: Int?
  var glyphs: GlyphSet

  func draw(over place: Rect, on grid: inout Grid) {
    guard let rect = rect(over: place) else { return }
    grid.fill(rect)
    // A long title gives way to the note, which says how to go on.
    let room = max(8, rect.width - note.columns - 9)
    let shown = title.fitted(to: room, ellipsis: glyphs.ellipsis)
    grid.draw(Frame(shown, note: note, focused: true, glyphs: glyphs), in: rect)
    let inside = Frame.inside(rect)
    let first = first(inside)
    for (row, line) in lines.dropFirst(first).prefix(inside.height).enumerated() {
      grid.text(
        [line], x: inside.x + 1, y: inside.y + row, maxWidth: inside.width - 2,
        ellipsis: glyphs.ellipsis)
      guard first + row == selection else { continue }
      grid.restyle(
        Rect(x: inside.x, y: inside.y + row, width: inside.width, height: 1),
        paper: .role(.selection))
    }
  }

  /// The line that is drawn at a place of the screen.
  func line(at x: Int, _ y: Int, over place: Rect) -> Int? {
    guard let inside = rect(over: place).map(Frame.inside), inside.contains(x: x, y: y) else {
      return nil
    }
    let line = first(inside) + y - inside.y
    return lines.indices.contains(line) ? line : nil
  }

  /// Nil where there is no room for anything.
  private func rect(over place: Rect) -> Rect? {
    let widest = max(title.columns + note.columns + 5, lines.map(\.text.columns).max() ?? 0)
    let width = min(place.width, widest + 4)
    let height = min(place.height, lines.count + 2)
    guard width > 2, height > 2 else { return nil }
    return Rect(
      x: place.x + (place.width - width) / 2, y: place.y + (place.height - height) / 2,
      width: width, height: height)
  }

  private func first(_ inside: Rect) -> Int {
    Scroll().showing(selection, of: lines.count, in: inside.height).first
  }
}
