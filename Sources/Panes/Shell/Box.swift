import Canvas

/// A framed box over the panes, as large as its lines need and never larger than the place.
struct Box {
  var title: String
  var note = ""
  var lines: [StyledText]
  var selection: Int?
  var glyphs: GlyphSet

  func draw(over place: Rect, on grid: inout Grid) {
    let widest = max(title.columns + note.columns + 5, lines.map(\.text.columns).max() ?? 0)
    let width = min(place.width, widest + 4)
    let height = min(place.height, lines.count + 2)
    guard width > 2, height > 2 else { return }
    let rect = Rect(
      x: place.x + (place.width - width) / 2, y: place.y + (place.height - height) / 2,
      width: width, height: height)
    grid.fill(rect)
    grid.draw(Frame(title, note: note, focused: true, glyphs: glyphs), in: rect)
    let inside = Frame.inside(rect)
    let first = Scroll().showing(selection, of: lines.count, in: inside.height).first
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
}

/// A menu on the screen.
struct MenuBox {
  let menu: Menu
  let glyphs: GlyphSet

  func draw(over place: Rect, on grid: inout Grid) {
    let lines = menu.choices.enumerated().map { i, choice in
      StyledText("\(i == menu.cursor ? glyphs.pointer : " ") (\(choice.key)) \(choice.title)")
    }
    Box(
      title: menu.title, note: "esc stays", lines: lines, selection: menu.cursor, glyphs: glyphs
    ).draw(over: place, on: &grid)
  }
}
