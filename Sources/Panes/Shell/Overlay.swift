import Canvas

/// A box over the screen that takes the keys, such as help or a menu.
protocol Overlay: Sendable {
  /// Handles a key. An overlay changes or closes by an assignment to `bench.overlay`.
  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect]
  /// Handles a press of the left button on a line of the box.
  func choose(_ line: Int, _ bench: inout Workbench) -> [Effect]
  /// The box to draw; nil without room for it.
  func box(_ bench: Workbench, over place: Rect) -> Box?
  /// Draws over the whole place instead; false where the box is to be drawn.
  func fill(_ place: Rect, _ bench: Workbench, on grid: inout Grid) -> Bool
  /// What `choose` gets for a press at a place of the screen; nil beside the lines.
  func line(at x: Int, _ y: Int, _ bench: Workbench, over place: Rect) -> Int?
}

extension Overlay {
  func fill(_ place: Rect, _ bench: Workbench, on grid: inout Grid) -> Bool { false }
  func line(at x: Int, _ y: Int, _ bench: Workbench, over place: Rect) -> Int? {
    box(bench, over: place)?.line(at: x, y, over: place)
  }
  func choose(_ line: Int, _ bench: inout Workbench) -> [Effect] { [] }
}

extension Key {
  /// The number of lines by which this key scrolls a text, positive downwards.
  var scrolledLines: Int? {
    switch self {
    case .down, .character("j"): 1
    case .up, .character("k"): -1
    case .pageDown, .ctrl("d"), .character(" "): 10
    case .pageUp, .ctrl("u"): -10
    default: nil
    }
  }
}

extension [StyledText] {
  /// All lines as wide as the widest, so that scrolling does not change the box.
  func padded(to least: Int) -> [StyledText] {
    let width = Swift.max(least, map(\.text.columns).max() ?? 0)
    return map {
      StyledText($0.text.padded(to: width), ink: $0.ink)
    }
  }
}

/// A framed box over the panes, as large as its lines need and never larger than the place.
struct Box {
  var title: String
  var note = ""
  /// Pieces of text, line by line.
  var lines: [[StyledText]]
  var selection: Int?
  /// Whether the screen behind it recedes.
  var fades = true

  init(title: String, note: String = "", lines: [StyledText], selection: Int? = nil) {
    self.init(title: title, note: note, spans: lines.map { [$0] }, selection: selection)
  }

  init(title: String, note: String = "", spans: [[StyledText]], selection: Int? = nil) {
    (self.title, self.note, lines, self.selection) = (title, note, spans, selection)
  }

  func draw(over place: Rect, on grid: inout Grid) {
    guard let rect = rect(over: place) else { return }
    if fades { grid.fade() }
    let around = Rect(
      x: rect.x - 1, y: rect.y, width: rect.width + 2, height: rect.height)
    grid.fill(around.intersection(place), with: Cell(paper: .role(.surface)))
    // A long title gives way to the note, which says how to go on.
    let room = max(8, rect.width - note.columns - 9)
    let shown = title.fitted(to: room)
    grid.border(rect, Caption(shown, note: note), focused: true)
    let inside = rect.inset()
    let first = first(inside)
    for (row, line) in lines.dropFirst(first).prefix(inside.height).enumerated() {
      grid.text(line, x: inside.x + 1, y: inside.y + row, maxWidth: inside.width - 2)
      guard first + row == selection else { continue }
      grid.select(
        Rect(x: inside.x, y: inside.y + row, width: inside.width, height: 1), pointer: false)
    }
    grid.lay(.role(.surface), under: rect)
  }

  /// The line that is drawn at a place of the screen.
  func line(at x: Int, _ y: Int, over place: Rect) -> Int? {
    guard let inside = rect(over: place)?.inset(), inside.contains(x: x, y: y) else {
      return nil
    }
    let line = first(inside) + y - inside.y
    return lines.indices.contains(line) ? line : nil
  }

  /// Nil without room for a line.
  private func rect(over place: Rect) -> Rect? {
    let widest = max(
      title.columns + note.columns + 5,
      lines.map { $0.reduce(0) { $0 + $1.text.columns } }.max() ?? 0)
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
