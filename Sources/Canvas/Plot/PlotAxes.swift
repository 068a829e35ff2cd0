/// What lies behind the curves of a plot: axes, grid, marks.
extension LinePlot {
  func drawAxes(_ layout: PlotLayout, on grid: inout Grid) {
    if !layout.ticks.isEmpty { drawTicks(layout, on: &grid) }
    if layout.hasXLabels { drawXLabels(layout, on: &grid) }
  }

  /// A line of the grid at each tick where the theme has a colour for it, else the axis itself.
  private func drawTicks(_ layout: PlotLayout, on grid: inout Grid) {
    let area = layout.area
    let hasGrid = grid.glyphs.hasPapers
    for y in area.y..<area.bottom where !hasGrid {
      grid.put(grid.glyphs.pick("│", "|"), x: area.x - 1, y: y, ink: .role(.border))
    }
    var free = Int.max  // ticks come from the bottom up; a row has only one
    for tick in layout.ticks where tick.row < free {
      if hasGrid {
        for x in area.x..<area.right { grid.put("┈", x: x, y: tick.row, ink: .role(.grid)) }
      } else {
        grid.put(grid.glyphs.pick("┤", "+"), x: area.x - 1, y: tick.row, ink: .role(.border))
      }
      let x = area.x - 1 - tick.label.columns
      grid.text(tick.label, x: x, y: tick.row, ink: .role(.muted))
      free = tick.row
    }
  }

  /// The ends, and round numbers between them where there is room.
  private func drawXLabels(_ layout: PlotLayout, on grid: inout Grid) {
    if !xTicks.isEmpty { return drawXTicks(layout, on: &grid) }
    let area = layout.area
    let low = layout.x.low.shortPlace
    let high = (xName.isEmpty ? "" : xName + " ") + layout.x.high.shortPlace
    let used = grid.text(low, x: area.x, y: area.bottom, ink: .role(.muted), maxWidth: area.width)
    guard used + 1 + high.columns <= area.width else { return }
    grid.text(high, x: area.right - high.columns, y: area.bottom, ink: .role(.muted))
    guard !layout.x.isLogarithmic else { return }
    var free = area.x + used + 2
    for tick in layout.x.ticks(4) {
      let text = tick.shortPlace
      guard let column = layout.column(tick) else { continue }
      let x = column - text.columns / 2
      guard x >= free, x + text.columns + 2 <= area.right - high.columns else { continue }
      free = x + grid.text(text, x: x, y: area.bottom, ink: .role(.muted)) + 2
    }
  }

  /// The named places, as far as their names do not meet, and the name of the axis at the right.
  private func drawXTicks(_ layout: PlotLayout, on grid: inout Grid) {
    let area = layout.area
    var free = area.x
    for tick in xTicks.sorted(by: { $0.x < $1.x }) {
      guard let column = layout.column(tick.x) else { continue }
      let x = max(area.x, min(column - tick.text.columns / 2, area.right - tick.text.columns))
      guard x >= free else { continue }
      free = x + grid.text(tick.text, x: x, y: area.bottom, ink: .role(.muted)) + 1
    }
    let x = layout.rect.right - xName.columns
    if x >= free { grid.text(xName, x: x, y: area.bottom, ink: .role(.muted)) }
  }

  /// Dashed lines behind the curves.
  func drawMarks(_ layout: PlotLayout, on grid: inout Grid) {
    let area = layout.area
    for x in marks.compactMap({ layout.column($0.x) }) where x > area.x {
      for y in area.y..<area.bottom {
        grid.put(grid.glyphs.pick("┊", ":"), x: x, y: y, ink: .role(.faint))
      }
    }
  }

  /// The words of the marks, over the curves.
  func drawMarkWords(_ layout: PlotLayout, on grid: inout Grid) {
    for word in markWords(layout) {
      grid.text(word.text, x: word.columns.lowerBound, y: layout.area.y, ink: .role(.muted))
    }
  }

  /// The words and their columns in the top row, as far as they do not meet.
  private func markWords(_ layout: PlotLayout) -> [(text: String, columns: Range<Int>)] {
    let area = layout.area
    var words: [(text: String, columns: Range<Int>)] = []
    for mark in marks.sorted(by: { $0.x < $1.x }) {
      guard let x = layout.column(mark.x), x > area.x else { continue }
      let start = min(x - mark.text.columns / 2, area.right - mark.text.columns)
      guard start >= words.last.map({ $0.columns.upperBound + 1 }) ?? area.x else { continue }
      words.append((mark.text, start..<start + mark.text.columns))
    }
    return words
  }

  /// An arrow with the number where a curve goes farthest beyond the upper end.
  func drawPeak(_ layout: PlotLayout, on grid: inout Grid) {
    let area = layout.area
    var peak: (x: Double, y: Double)?
    for curve in curves {
      for (x, y) in zip(curve.x, curve.y)
      where y.isFinite && y > layout.y.high && y > peak?.y ?? -.infinity {
        peak = (x, y)
      }
    }
    guard yRange == nil, let peak, let column = layout.column(peak.x) else { return }
    let text = "\(grid.glyphs.pick("↑", "^"))\(peak.y.short)"
    var x = min(column, area.right - text.columns)
    for word in markWords(layout) where word.columns.overlaps(x..<x + text.columns) {
      x = word.columns.upperBound + 1
    }
    guard x >= area.x, x + text.columns <= area.right else { return }
    grid.text(text, x: x, y: area.y, ink: .role(.muted))
  }
}
