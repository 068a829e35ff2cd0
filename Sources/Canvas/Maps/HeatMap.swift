/// A matrix as a heat map: two rows per cell by half blocks if the terminal can distinguish the
/// colours of a ramp, otherwise shades.
public struct HeatMap: Widget, Sendable, Hashable {
  /// A label beside a row or below a column of the matrix.
  public struct Label: Sendable, Hashable {
    public var index: Int
    public var text: String

    public init(_ index: Int, _ text: String) {
      self.index = index
      self.text = text
    }
  }

  public struct Position: Sendable, Hashable {
    public var row, column: Int

    public init(row: Int, column: Int) {
      self.row = row
      self.column = column
    }
  }

  public let rows, columns: Int
  /// [rows, columns]; a non-finite value is blank.
  public let values: [Float]
  /// The values of the lowest and the highest level; nil for the range of the data.
  public var range: ClosedRange<Float>?
  public var ramp: ColorRamp
  /// Whether row 0 is at the bottom, as for frequencies.
  public var isBottomUp: Bool
  public var rowLabels: [Label]
  public var columnLabels: [Label]
  public var cursor: Position?
  /// A column marked by a line, such as the playhead.
  public var head: Int?
  /// Whether a terminal with pixels draws it as a picture.
  public var isPicture: Bool

  /// Values missing at the end of `values` are blank.
  public init(
    rows: Int, columns: Int, values: [Float], range: ClosedRange<Float>? = nil,
    ramp: ColorRamp = .sequential, isBottomUp: Bool = false, rowLabels: [Label] = [],
    columnLabels: [Label] = [], cursor: Position? = nil, head: Int? = nil, isPicture: Bool = false
  ) {
    self.rows = max(0, rows)
    self.columns = max(0, columns)
    self.values = values
    self.range = range
    self.ramp = ramp
    self.isBottomUp = isBottomUp
    self.rowLabels = rowLabels
    self.columnLabels = columnLabels
    self.cursor = cursor
    self.head = head
    self.isPicture = isPicture
  }

  public func draw(in rect: Rect, on grid: inout Grid) {
    guard !rect.isEmpty, rows > 0, columns > 0 else { return }
    let area = area(in: rect)
    grid.clipped(to: rect) { grid in
      if !drawPicture(area, on: &grid) { drawCells(area, on: &grid) }
      drawLabels(rect, area, on: &grid)
      drawMarks(area, on: &grid)
    }
  }

  private func drawCells(_ area: Rect, on grid: inout Grid) {
    let (low, high) = extent
    // Pixels per cell, vertically.
    let parts = grid.glyphs.paintsRamps ? 2 : 1
    let height = area.height * parts
    for y in 0..<area.height {
      for x in 0..<area.width {
        let levels = (0..<parts).map { part in
          level(mean(x, y * parts + part, width: area.width, height: height), low, high)
        }
        grid[area.x + x, area.y + y] = cell(levels, grid.glyphs)
      }
    }
  }

  /// Pixels per cell of a picture, at most, across and down.
  private static let finest = (across: 4, down: 6)

  /// A pixel for each value, or for the mean of several. False where pixels are not to be had: with
  /// sixels, which a play head would erase, also while a clip plays.
  private func drawPicture(_ area: Rect, on grid: inout Grid) -> Bool {
    guard isPicture, grid.glyphs.paintsRamps, let kind = grid.glyphs.images, !area.isEmpty,
      kind == .kitty || head == nil, cursor == nil
    else { return false }
    let width = min(columns, area.width * Self.finest.across)
    let height = min(rows, area.height * Self.finest.down)
    let (low, high) = extent
    var levels: [UInt8] = []
    levels.reserveCapacity(width * height)
    for y in 0..<height {
      for x in 0..<width {
        levels.append(level(mean(x, y, width: width, height: height), low, high) ?? 0)
      }
    }
    return grid.place(
      GridPicture(rect: area, width: width, height: height, levels: levels, ramp: ramp))
  }

  private var extent: (Float, Float) {
    if let range { return (range.lowerBound, range.upperBound) }
    let finite = values.filter(\.isFinite)
    return (finite.min() ?? 0, finite.max() ?? 1)
  }

  /// Where the values are drawn, beside the labels.
  public func area(in rect: Rect) -> Rect {
    let labels = (rowLabels.map(\.text.columns).max() ?? -1) + 1
    let left = rect.width >= labels + 6 ? labels : 0
    let bottom = columnLabels.isEmpty || rect.height < 3 ? 0 : 1
    return Rect(
      x: rect.x + left, y: rect.y, width: rect.width - left, height: rect.height - bottom)
  }

  /// The mean of the values under a pixel, or the nearest value if pixels are finer than values.
  /// `width` and `height` in pixels.
  private func mean(_ x: Int, _ y: Int, width: Int, height: Int) -> Float {
    let fromTop = span(y, height, rows)
    let lines = isBottomUp ? rows - fromTop.upperBound..<rows - fromTop.lowerBound : fromTop
    var sum: Float = 0, count: Float = 0
    for row in lines {
      for column in span(x, width, columns) where row * columns + column < values.count {
        let value = values[row * columns + column]
        guard value.isFinite else { continue }
        sum += value
        count += 1
      }
    }
    return count > 0 ? sum / count : .nan
  }

  /// The source lines of pixel `i` of `pixels`, out of `count` lines; never empty.
  private func span(_ i: Int, _ pixels: Int, _ count: Int) -> Range<Int> {
    let start = min(count - 1, i * count / pixels)
    return start..<max(start + 1, min(count, (i + 1) * count / pixels))
  }

  private func level(_ value: Float, _ low: Float, _ high: Float) -> UInt8? {
    guard value.isFinite else { return nil }
    guard high > low else { return ColorRamp.top / 2 + 1 }
    return ColorRamp.level(Double((value - low) / (high - low)))
  }

  private func cell(_ levels: [UInt8?], _ glyphs: GlyphSet) -> Cell {
    guard glyphs.paintsRamps else {
      guard let level = levels[0] else { return Cell() }
      let glyph = ramp == .diverging ? glyphs.signedShade(level) : glyphs.shade(level)
      return Cell(glyph, ink: .ramp(ramp, level))
    }
    switch (ink(levels[0]), ink(levels[1])) {
    case (nil, nil): return Cell()
    case (let upper?, nil): return Cell(HalfBlock.upper, ink: upper)
    case (nil, let lower?): return Cell(HalfBlock.lower, ink: lower)
    case (let upper?, let lower?):
      return upper == lower
        ? Cell(" ", paper: lower) : Cell(HalfBlock.upper, ink: upper, paper: lower)
    }
  }

  /// nil for the background: no value, or level 0 of a sequential ramp.
  private func ink(_ level: UInt8?) -> Ink? {
    guard let level, level > 0 || ramp == .diverging else { return nil }
    return .ramp(ramp, level)
  }

  private func row(_ index: Int, _ area: Rect) -> Int {
    let fromTop = isBottomUp ? rows - 1 - index : index
    return area.y + min(area.height - 1, max(0, fromTop * area.height / rows))
  }

  private func column(_ index: Int, _ area: Rect) -> Int {
    area.x + min(area.width - 1, max(0, index * area.width / columns))
  }

  private func drawLabels(_ rect: Rect, _ area: Rect, on grid: inout Grid) {
    if area.x > rect.x, area.height > 0 {
      for label in rowLabels {
        grid.text(
          label.text.padded(to: area.x - rect.x - 1, .right), x: rect.x,
          y: row(label.index, area), ink: .role(.muted))
      }
    }
    guard area.bottom < rect.bottom, area.width > 0 else { return }
    var free = area.x
    for label in columnLabels.sorted(by: { $0.index < $1.index }) {
      let width = label.text.columns
      let x = min(column(label.index, area), area.right - width)
      guard x >= free else { continue }
      grid.text(label.text, x: x, y: area.bottom, ink: .role(.muted))
      free = x + width + 1
    }
  }

  private func drawMarks(_ area: Rect, on grid: inout Grid) {
    guard !area.isEmpty else { return }
    if let head, head >= 0, head < columns {
      for y in area.y..<area.bottom {
        grid[column(head, area), y] = .playHead(grid.glyphs)
      }
    }
    if let cursor {
      let place = Rect(
        x: column(cursor.column, area), y: row(cursor.row, area), width: 1, height: 1)
      grid.restyle(place, paper: .role(.selection))
    }
  }
}
