/// A table with a header, a selected row, and a hint if some rows are not visible.
public struct TableWidget: Widget, Sendable, Hashable {
  public struct Column: Sendable, Hashable {
    public enum Width: Sendable, Hashable {
      case fixed(Int)
      /// As wide as the widest cell.
      case fit
      /// The rest of the width, shared among flexible columns; at least four columns.
      case flexible
    }

    public var title: String
    public var width: Width
    public var alignment: Alignment

    public init(_ title: String, _ width: Width = .fit, _ alignment: Alignment = .left) {
      self.title = title
      self.width = width
      self.alignment = alignment
    }
  }

  public var columns: [Column]
  public var rows: [[StyledText]]
  public var selection: Int?
  /// The first visible row; changed if the selection would not be visible.
  public var scroll: Scroll
  public var hasHeader: Bool
  /// The text for a table without rows.
  public var emptyText: String

  public init(
    _ columns: [Column], rows: [[StyledText]], selection: Int? = nil, scroll: Scroll = Scroll(),
    hasHeader: Bool = true, emptyText: String = ""
  ) {
    self.columns = columns
    self.rows = rows
    self.selection = selection
    self.scroll = scroll
    self.hasHeader = hasHeader
    self.emptyText = emptyText
  }

  /// Rows of plain text.
  public init(
    _ columns: [Column], texts: [[String]], selection: Int? = nil, scroll: Scroll = Scroll(),
    hasHeader: Bool = true, emptyText: String = ""
  ) {
    self.init(
      columns, rows: texts.map { $0.map { StyledText($0) } }, selection: selection,
      scroll: scroll, hasHeader: hasHeader, emptyText: emptyText)
  }

  /// The number of rows that fit, for page up and page down.
  public func visibleRows(in rect: Rect) -> Int {
    let room = rect.height - (hasHeader ? 1 : 0)
    return max(0, rows.count > room && room >= 3 ? room - 1 : room)
  }

  /// The rows that are drawn. A long table needs the cells of these alone.
  public func drawnRows(in rect: Rect) -> Range<Int> {
    let visible = visibleRows(in: rect)
    let first = scroll.showing(selection, of: rows.count, in: visible).first
    return first..<max(first, min(rows.count, first + visible))
  }

  /// The row drawn on line `y` of the screen, if any.
  public func row(at y: Int, in rect: Rect) -> Int? {
    let visible = visibleRows(in: rect)
    let line = y - rect.y - (hasHeader ? 1 : 0)
    guard (0..<visible).contains(line) else { return nil }
    let row = scroll.showing(selection, of: rows.count, in: visible).first + line
    return rows.indices.contains(row) ? row : nil
  }

  /// The columns of the screen that a column of the table takes; nil if it is not drawn.
  public func place(ofColumn column: Int, in rect: Rect) -> Range<Int>? {
    columnPlaces(rect).first { $0.0 == column }?.1
  }

  public func draw(in rect: Rect, on grid: inout Grid) {
    guard !rect.isEmpty else { return }
    grid.clipped(to: rect) { grid in
      let layout = columnPlaces(rect)
      if hasHeader {
        for (i, place) in layout {
          write(
            StyledText(columns[i].title, .faint), i, place, rect.y, on: &grid)
        }
      }
      drawRows(rect, layout, on: &grid)
    }
  }

  private func drawRows(
    _ rect: Rect, _ layout: [(Int, Range<Int>)], on grid: inout Grid
  ) {
    let top = rect.y + (hasHeader ? 1 : 0)
    guard !rows.isEmpty else {
      note(emptyText, rect, top, on: &grid)
      return
    }
    let visible = visibleRows(in: rect)
    let first = scroll.showing(selection, of: rows.count, in: visible).first
    let end = min(rows.count, first + visible)
    for row in first..<end {
      let y = top + row - first
      for (i, place) in layout where i < rows[row].count {
        write(rows[row][i], i, place, y, on: &grid)
      }
      guard row == selection else { continue }
      grid.select(Rect(x: rect.x, y: y, width: rect.width, height: 1))
    }
    guard visible < rows.count, end > first, top + visible < rect.bottom else { return }
    note("\(first + 1)-\(end) of \(rows.count)", rect, top + visible, on: &grid)
  }

  private func note(_ text: String, _ rect: Rect, _ y: Int, on grid: inout Grid) {
    grid.text(text, x: rect.x + 2, y: y, ink: .role(.muted), maxWidth: rect.width - 2)
  }

  private func write(
    _ cell: StyledText, _ column: Int, _ place: Range<Int>, _ y: Int, on grid: inout Grid
  ) {
    let text = cell.text.padded(
      to: place.count, columns[column].alignment, ellipsis: grid.glyphs.ellipsis)
    grid.text(text, x: place.lowerBound, y: y, ink: cell.ink, paper: cell.paper)
  }

  /// The columns that fit, left to right: two spaces before the first for the pointer, and one
  /// between columns. The first column is always shown.
  private func columnPlaces(_ rect: Rect) -> [(Int, Range<Int>)] {
    var x = rect.x + 2
    var places: [(Int, Range<Int>)] = []
    for (i, width) in columnWidths(rect.width).enumerated() {
      let end = min(x + width, rect.right)
      guard end > x, places.isEmpty || x + width <= rect.right else { break }
      places.append((i, x..<end))
      x = end + 1
    }
    return places
  }

  /// The last flexible column gets the remainder.
  private func columnWidths(_ total: Int) -> [Int] {
    let widths = columns.indices.map { i -> Int? in
      switch columns[i].width {
      case .fixed(let width): max(0, width)
      case .fit: fitWidth(i)
      case .flexible: nil
      }
    }
    let flexible = widths.count { $0 == nil }
    guard flexible > 0 else { return widths.compactMap(\.self) }
    let room = total - widths.compactMap(\.self).reduce(2 + columns.count - 1, +)
    let share = max(4, room / flexible)
    let last = widths.lastIndex { $0 == nil }
    return widths.enumerated().map { i, width in
      width ?? (i == last ? share + max(0, room - share * flexible) : share)
    }
  }

  private func fitWidth(_ i: Int) -> Int {
    rows.reduce(columns[i].title.columns) { i < $1.count ? max($0, $1[i].text.columns) : $0 }
  }
}
