/// A matrix of label states, one glyph a cell: readable without colour.
public struct CategoryMap: Widget, Sendable, Hashable {
  public let rows, columns: Int
  /// [rows, columns]
  public let marks: [LabelMark]
  public var rowLabels: [String]
  public var cursor: HeatMap.Position?
  /// The first row and column to show; moved if the cursor would be out of view.
  public var firstRow, firstColumn: Int
  public var glyphs: GlyphSet

  public init(
    rows: Int, columns: Int, marks: [LabelMark], rowLabels: [String] = [],
    cursor: HeatMap.Position? = nil, firstRow: Int = 0, firstColumn: Int = 0, glyphs: GlyphSet
  ) {
    self.rows = max(0, rows)
    self.columns = max(0, columns)
    self.marks = marks
    self.rowLabels = rowLabels
    self.cursor = cursor
    self.firstRow = firstRow
    self.firstColumn = firstColumn
    self.glyphs = glyphs
  }

  /// The place of the marks without the labels; its size is what a page is.
  public func area(in rect: Rect) -> Rect {
    let widest = (rowLabels.map(\.columns).max() ?? -1) + 1
    let left = min(widest, rect.width / 3)
    return Rect(x: rect.x + left, y: rect.y, width: rect.width - left, height: rect.height)
  }

  public func draw(in rect: Rect, on grid: inout Grid) {
    guard !rect.isEmpty, rows > 0, columns > 0 else { return }
    let area = area(in: rect)
    let top = Scroll(first: firstRow).showing(cursor?.row, of: rows, in: area.height).first
    let left = Scroll(first: firstColumn).showing(cursor?.column, of: columns, in: area.width).first
    grid.clipped(to: rect) { grid in
      for y in 0..<min(area.height, rows - top) {
        if top + y < rowLabels.count {
          grid.text(
            rowLabels[top + y], x: rect.x, y: area.y + y,
            ink: top + y == cursor?.row ? .role(.title) : .role(.muted),
            maxWidth: area.x - rect.x - 1, ellipsis: glyphs.ellipsis)
        }
        for x in 0..<min(area.width, columns - left) {
          let i = (top + y) * columns + left + x
          guard i < marks.count else { return }
          let isHere = cursor == HeatMap.Position(row: top + y, column: left + x)
          grid.put(
            glyphs.label(marks[i]), x: area.x + x, y: area.y + y, ink: .role(marks[i].role),
            paper: isHere ? .role(.selection) : .plain)
        }
      }
    }
  }
}
