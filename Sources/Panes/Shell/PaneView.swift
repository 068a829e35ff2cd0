import Canvas

/// The content of a pane, and the captions of its border.
package protocol PaneView: Widget {
  var title: String { get }
  /// Views to choose from, beside the title.
  var tabs: Caption.Tabs? { get }
  /// At the right of the title.
  var note: String { get }
  /// The line of the pane's list that is drawn on row `y` of the screen; nil without one.
  func line(at y: Int, in rect: Rect) -> Int?
  /// The same where lines stand side by side.
  func line(at x: Int, _ y: Int, in rect: Rect) -> Int?
}

/// A pane with a list that scrolls to keep its cursor in the middle.
protocol ListView: PaneView {
  var bench: Workbench { get }
  /// The pane whose cursor and lines it shows.
  var pane: Pane { get }
  /// Where the list is drawn, if other panes share `rect`.
  func list(in rect: Rect) -> Rect
}

extension ListView {
  func list(in rect: Rect) -> Rect { rect }

  /// The lines that are drawn.
  func window(in rect: Rect) -> ListWindow {
    let height = list(in: rect).height
    return ListWindow(cursor: bench.cursor(pane), count: bench.lines(of: pane), rows: height)
  }

  func line(at y: Int, in rect: Rect) -> Int? {
    window(in: rect).line(at: y, top: list(in: rect).y)
  }
}

extension PaneView {
  package var note: String { "" }
  package var tabs: Caption.Tabs? { nil }
  package func line(at y: Int, in rect: Rect) -> Int? { nil }
  package func line(at x: Int, _ y: Int, in rect: Rect) -> Int? { line(at: y, in: rect) }
}

extension Grid {
  /// Lines of text in a pane, such as what is missing there and which key helps.
  mutating func notice(_ lines: [StyledText], in rect: Rect) {
    let shown = lines.flatMap { $0.folded(to: rect.width - 2) }
    clipped(to: rect) { grid in grid.lines(shown, in: rect) }
  }

  mutating func notice(_ text: String, in rect: Rect) {
    notice([StyledText(text, .muted)], in: rect)
  }

  /// Lines that are cut where they are too long, one column inside `rect`.
  mutating func lines(_ lines: [StyledText], in rect: Rect) {
    for (row, line) in lines.prefix(rect.height).enumerated() {
      text([line], x: rect.x + 1, y: rect.y + row, maxWidth: rect.width - 2)
    }
  }
}

extension StyledText {
  /// The text itself if it fits, with its spaces; otherwise wrapped at spaces.
  func folded(to width: Int) -> [StyledText] {
    guard text.columns > width else { return [self] }
    return text.wrapped(to: width).map { StyledText($0, ink: ink, paper: paper) }
  }
}

/// The visible part of a long list, with the cursor in the middle if possible.
struct ListWindow {
  let range: Range<Int>
  /// The cursor's line within the window.
  let selection: Int?

  init(cursor: Int, count: Int, rows: Int) {
    let rows = max(0, rows)
    let first = min(max(0, cursor - rows / 2), max(0, count - rows))
    range = first..<min(count, first + rows)
    selection = range.contains(cursor) ? cursor - first : nil
  }

  /// The line drawn on row `y` of a screen where the window begins at row `top`.
  func line(at y: Int, top: Int) -> Int? {
    let line = range.lowerBound + y - top
    return y >= top && range.contains(line) ? line : nil
  }
}

extension Array {
  /// The element at an index; nil outside of the array.
  subscript(at index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

extension Array where Element: Equatable {
  /// The element after this one, the first after the last. An unknown element counts as the first.
  func next(after element: Element) -> Element {
    self[((firstIndex(of: element) ?? 0) + 1) % count]
  }
}

extension CaseIterable where Self: Equatable {
  /// The case after this one, the first after the last.
  var next: Self { Array(Self.allCases).next(after: self) }
}
