import Canvas
import Lab

/// The first page where there is room for all of it: what there is to begin with, and what is being
/// prepared meanwhile.
struct StartPage {
  let bench: Workbench
  let choices: [StartOverlay.Choice]
  let cursor: Int

  static let width = 90

  /// From 96 by 32 cells.
  static func fits(_ place: Rect) -> Bool { place.width >= width + 6 && place.height >= 31 }

  private static let name = [
    "▄▀▀▀ ▄▀▀▄ ▄▀▀▄ ██▄ █ ▀▀█▀▀", "▀▀▀▄ █    █▄▄█ █ ▀██   █  ", "▀▄▄▀ ▀▄▄▀ █  █ █   █   █  ",
  ]

  func draw(over place: Rect, on grid: inout Grid) {
    grid.fill(place)
    let top = top(of: place)
    drawHead(x: left(of: place), y: top, on: &grid)
    for (i, rect) in cards(over: place).enumerated() {
      draw(choices[i], i, in: rect, on: &grid)
    }
    drawMeanwhile(over: place, on: &grid)
    let keys = Footer(
      [
        .init(bench.glyphs.pick("↑ ↓", "j k"), "move"), .init("enter", "choose"),
        .init("esc", "close"), .init("F3", "this page again"),
      ])
    grid.draw(keys, in: Rect(x: place.x, y: place.bottom - 1, width: place.width, height: 1))
  }

  /// The choice at a place of the screen.
  func choice(at x: Int, _ y: Int, over place: Rect) -> Int? {
    cards(over: place).firstIndex { $0.contains(x: x, y: y) }
  }

  private func left(of place: Rect) -> Int { place.x + (place.width - Self.width) / 2 }

  /// Rows of the name, the cards with a row between them, and what is prepared.
  private func top(of place: Rect) -> Int {
    let rows = 5 + choices.reduce(0) { $0 + $1.lines.count + 4 } + 3
    return place.y + max(1, (place.height - 1 - rows) / 2)
  }

  private func cards(over place: Rect) -> [Rect] {
    var y = top(of: place) + 5
    return choices.map { choice in
      defer { y += choice.lines.count + 4 }
      return Rect(
        x: left(of: place), y: y, width: Self.width, height: choice.lines.count + 3)
    }
  }

  private func drawHead(x: Int, y: Int, on grid: inout Grid) {
    let columns = Self.name[0].count
    for (row, line) in Self.name.enumerated() {
      let line = grid.glyphs.isASCII ? (row == 1 ? "S C A N T" : "") : line
      for (column, glyph) in line.enumerated() where glyph != " " {
        let level = ColorRamp.level(Double(column) / Double(columns - 1))
        grid.put(glyph, x: x + column, y: y + row, ink: .ramp(.value, level))
      }
    }
    let lines = [
      StyledText("Learning from sound when labels are few.", .title),
      StyledText("Everything runs on this computer; nothing is sent anywhere.", .muted),
    ]
    for (row, line) in lines.enumerated() {
      grid.text([line], x: x + columns + 5, y: y + row, maxWidth: Self.width - columns - 5)
    }
  }

  private func draw(
    _ choice: StartOverlay.Choice, _ place: Int, in rect: Rect, on grid: inout Grid
  ) {
    let isHere = place == cursor
    grid.border(rect, focused: isHere)
    let inside = rect.inset()
    grid.text(
      [
        StyledText(" \(isHere ? bench.glyphs.rowMark : " ")\(place + 1)  ", .accent),
        StyledText(choice.title, .title),
      ], x: inside.x, y: inside.y, maxWidth: inside.width)
    grid.text(
      choice.time, x: inside.right - choice.time.columns - 2, y: inside.y, ink: .role(.muted))
    for (row, line) in choice.lines.enumerated() {
      grid.text(
        line, x: inside.x + 5, y: inside.y + 1 + row, ink: .role(row == 0 ? .text : .muted),
        maxWidth: inside.width - 6)
    }
    if isHere { grid.lay(.role(.selection), under: inside) }
  }

  /// What the program makes in the background, with a bar.
  private func drawMeanwhile(over place: Rect, on grid: inout Grid) {
    guard let work = bench.preparation ?? bench.background, let last = cards(over: place).last,
      last.bottom + 4 <= place.bottom
    else { return }
    let rect = Rect(x: last.x, y: last.bottom + 1, width: last.width, height: 3)
    grid.border(rect, Caption("meanwhile"))
    let inside = rect.inset()
    var x = inside.x + 1
    x += grid.text(work.what, x: x, y: inside.y, maxWidth: 30) + 2
    let left = work.eta.map { "   \($0.clock) left" } ?? ""
    let count = work.total > 0 ? "\(work.done) of \(work.total)\(left)" : ""
    let bar = Rect(
      x: x, y: inside.y, width: max(0, inside.right - x - count.columns - 3), height: 1)
    if work.total > 0 { grid.bar(Double(work.done) / Double(work.total), in: bar) }
    grid.text(count, x: inside.right - count.columns - 1, y: inside.y, ink: .role(.muted))
  }
}
