/// Curves over a common x axis, in Braille dots or ASCII.
public struct LinePlot: Widget, Sendable, Hashable {
  /// A highlighted point, such as the best validation score.
  public struct Point: Sendable, Hashable {
    public var x, y: Double

    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  public var curves: [Curve]
  /// The x range; nil for the range of the data. A live plot should fix it to the planned length,
  /// so that new points do not move the others.
  public var xRange: ClosedRange<Double>?
  /// The y range; nil for round numbers around the data.
  public var yRange: ClosedRange<Double>?
  public var logarithmicX: Bool
  public var logarithmicY: Bool
  /// The smoothing weight on the past, 0 (off) to 0.99. The raw curve stays visible, muted.
  public var smoothing: Double
  public var best: Point?
  /// The x position of the cursor: a vertical line and the values there.
  public var cursor: Double?
  /// Further x positions to compare with the cursor.
  public var pins: [Double]
  /// The curve that is drawn on top.
  public var selected: Int?
  /// The text before the number at the right end of the x axis.
  public var xName: String
  /// The text for a plot without data.
  public var emptyText: String

  public init(
    _ curves: [Curve], xRange: ClosedRange<Double>? = nil, yRange: ClosedRange<Double>? = nil,
    logarithmicX: Bool = false, logarithmicY: Bool = false, smoothing: Double = 0,
    best: Point? = nil, cursor: Double? = nil, pins: [Double] = [], selected: Int? = nil,
    xName: String = "", emptyText: String = "no values yet"
  ) {
    self.curves = curves
    self.xRange = xRange
    self.yRange = yRange
    self.logarithmicX = logarithmicX
    self.logarithmicY = logarithmicY
    self.smoothing = smoothing
    self.best = best
    self.cursor = cursor
    self.pins = pins
    self.selected = selected
    self.xName = xName
    self.emptyText = emptyText
  }

  /// The position of a column between the ends of the x axis, 0 to 1, in a plot drawn in `rect`;
  /// nil outside of the axis.
  public func share(ofColumn column: Int, in rect: Rect) -> Double? {
    let area = PlotLayout(self, in: rect).area
    guard column >= area.x, column < area.right else { return nil }
    return (Double(column - area.x) + 0.5) / Double(area.width)
  }

  public func draw(in rect: Rect, on grid: inout Grid) {
    guard !rect.isEmpty else { return }
    grid.clipped(to: rect) { grid in
      let layout = PlotLayout(self, in: rect)
      drawAxes(layout, on: &grid)
      guard curves.contains(where: { $0.last != nil }) else {
        let text = emptyText.fitted(to: layout.area.width, ellipsis: grid.glyphs.ellipsis)
        let x = layout.area.x + (layout.area.width - text.columns) / 2
        grid.text(text, x: x, y: layout.area.y + layout.area.height / 2, ink: .role(.muted))
        return
      }
      drawCursor(layout, on: &grid)
      drawCurves(layout, on: &grid)
      drawLetters(layout, on: &grid)
      drawReadout(layout, on: &grid)
    }
  }
}

/// A curve of a plot: points in order of x. A non-finite value is a gap.
public struct Curve: Sendable, Hashable {
  public var name: String
  /// The letter at the right edge of the plot, so that colour is not needed.
  public var letter: Character
  public var ink: Ink
  public var x: [Double]
  public var y: [Double]

  /// `x` and `y` are truncated to the shorter one.
  public init(
    _ name: String, letter: Character? = nil, ink: Ink = .role(.series0), x: [Double], y: [Double]
  ) {
    let count = min(x.count, y.count)
    self.name = name
    self.letter = letter ?? name.first ?? "?"
    self.ink = ink
    self.x = Array(x.prefix(count))
    self.y = Array(y.prefix(count))
  }

  /// The last finite value.
  public var last: Double? { y.last(where: \.isFinite) }

  /// The finite value at the largest x up to `position`.
  public func value(at position: Double) -> Double? {
    guard let i = x.lastIndex(where: { $0 <= position }) else { return nil }
    return y[i].isFinite ? y[i] : nil
  }

  /// The exponential moving average with weight `beta` on the past, divided by 1 − beta^n to
  /// correct the bias of the start (Kingma & Ba 2015, section 3). Gaps stay gaps.
  public func smoothed(_ beta: Double) -> Curve {
    let beta = min(0.99, max(0, beta))
    guard beta > 0 else { return self }
    var copy = self
    var mean = 0.0, weight = 0.0
    for i in y.indices where y[i].isFinite {
      mean = beta * mean + (1 - beta) * y[i]
      weight = beta * weight + (1 - beta)
      copy.y[i] = mean / weight
    }
    return copy
  }
}

/// The layout of a plot at a given size, and the mapping of values to dots.
struct PlotLayout {
  let area: Rect
  let x, y: Axis
  /// The rows and texts of the ticks on the left; empty without room.
  let ticks: [(row: Int, label: String)]
  let hasXLabels: Bool
  /// Whether the column to the right of the area shows the letters of the curves.
  let hasLetters: Bool

  init(_ plot: LinePlot, in rect: Rect) {
    hasXLabels = rect.height >= 4
    let rows = rect.height - (hasXLabels ? 1 : 0)
    let count = max(2, min(5, rows / 3))
    x = plot.xRange.map { Axis($0, logarithmic: plot.logarithmicX) } ?? PlotLayout.extent(plot)
    y =
      plot.yRange.map { Axis($0, logarithmic: plot.logarithmicY) }
      ?? Axis(fitting: plot.curves.flatMap(\.y), logarithmic: plot.logarithmicY, ticks: count)
    let axis = y
    let labels = axis.ticks(count).map { (value: $0, label: axis.label($0, of: count)) }
    let margin = (labels.map(\.label.columns).max() ?? 0) + 1
    let hasTicks = rect.width >= margin + 8 && rows >= 2
    let left = hasTicks ? margin : 0
    hasLetters = plot.curves.count > 1 && rect.width - left >= 8
    let place = Rect(
      x: rect.x + left, y: rect.y, width: rect.width - left - (hasLetters ? 1 : 0), height: rows)
    area = place
    ticks =
      hasTicks
      ? labels.compactMap { tick in
        PlotLayout.row(tick.value, axis, place).map { (row: $0, label: tick.label) }
      } : []
  }

  /// The row of a value; nil if outside.
  func row(_ value: Double) -> Int? { PlotLayout.row(value, y, area) }

  /// The column of an x position; nil if outside.
  func column(_ value: Double) -> Int? {
    guard let p = x.position(value), p >= 0, p <= 1, area.width > 0 else { return nil }
    return area.x + min(area.width - 1, Int(p * Double(area.width)))
  }

  private static func row(_ value: Double, _ axis: Axis, _ area: Rect) -> Int? {
    guard let p = axis.position(value), p >= -1e-9, p <= 1 + 1e-9, area.height > 0 else {
      return nil
    }
    return area.y + area.height - 1 - min(area.height - 1, Int(p * Double(area.height)))
  }

  private static func extent(_ plot: LinePlot) -> Axis {
    let all = plot.curves.flatMap(\.x).filter { $0.isFinite && (!plot.logarithmicX || $0 > 0) }
    guard let low = all.min(), let high = all.max() else {
      return Axis(plot.logarithmicX ? 1...10 : 0...1, logarithmic: plot.logarithmicX)
    }
    return Axis(low...high, logarithmic: plot.logarithmicX)
  }
}

/// The layers of a plot, from back to front.
extension LinePlot {
  func drawAxes(_ layout: PlotLayout, on grid: inout Grid) {
    let area = layout.area
    if !layout.ticks.isEmpty {
      for y in area.y..<area.bottom {
        grid.put(grid.glyphs.pick("│", "|"), x: area.x - 1, y: y, ink: .role(.border))
      }
      var free = Int.max  // ticks come from the bottom up; a row has only one
      for tick in layout.ticks where tick.row < free {
        grid.put(grid.glyphs.pick("┤", "+"), x: area.x - 1, y: tick.row, ink: .role(.border))
        let x = area.x - 1 - tick.label.columns
        grid.text(tick.label, x: x, y: tick.row, ink: .role(.muted))
        free = tick.row
      }
    }
    guard layout.hasXLabels else { return }
    let low = layout.x.low.shortPlace
    let high = (xName.isEmpty ? "" : xName + " ") + layout.x.high.shortPlace
    let used = grid.text(low, x: area.x, y: area.bottom, ink: .role(.muted), maxWidth: area.width)
    if used + 1 + high.columns <= area.width {
      grid.text(high, x: area.right - high.columns, y: area.bottom, ink: .role(.muted))
    }
  }

  /// Raw curves at the back, the selected one in front.
  func drawCurves(_ layout: PlotLayout, on grid: inout Grid) {
    let area = layout.area
    var raster = DotRaster(width: area.width, height: area.height, tier: grid.glyphs.tier)
    var order = Array(curves.indices)
    if let selected, curves.indices.contains(selected) {
      order.removeAll { $0 == selected }
      order.append(selected)
    }
    if smoothing > 0 {
      for i in order { trace(curves[i], ink: .role(.muted), layout, on: &raster) }
    }
    for i in order {
      trace(curves[i].smoothed(smoothing), ink: curves[i].ink, layout, on: &raster)
    }
    raster.draw(at: area.x, area.y, on: &grid)
    if let best, let x = layout.column(best.x), let y = layout.row(best.y) {
      grid.put(grid.glyphs.pick("▲", "^"), x: x, y: y, ink: .role(.good))
    }
  }

  /// All points in a dot column become one vertical stroke from minimum to maximum, so no extreme
  /// is lost and the cost is proportional to the number of points.
  private func trace(
    _ curve: Curve, ink: Ink, _ layout: PlotLayout, on raster: inout DotRaster
  ) {
    var previous: (x: Int, y: Int)?
    for (x, y) in zip(curve.x, curve.y) {
      guard let point = dot(x, y, layout, raster) else {
        previous = nil
        continue
      }
      if let previous, previous.x == point.x {
        raster.vertical(point.x, min(previous.y, point.y)...max(previous.y, point.y), ink)
      } else if let previous {
        raster.line(previous.x, previous.y, point.x, point.y, ink)
      } else {
        raster.set(point.x, point.y, ink)
      }
      previous = point
    }
  }

  /// The dot of a point. Values beyond the y range lie just outside and are clipped.
  private func dot(
    _ x: Double, _ y: Double, _ layout: PlotLayout, _ raster: DotRaster
  ) -> (x: Int, y: Int)? {
    guard let px = layout.x.position(x), let py = layout.y.position(y), px >= 0, px <= 1
    else { return nil }
    let column = (px * Double(raster.dotWidth - 1)).rounded()
    let row = ((1 - min(1.5, max(-0.5, py))) * Double(raster.dotHeight - 1)).rounded()
    return (Int(column), Int(row))
  }

  /// The letter of each curve beside its end; colliding letters move apart.
  func drawLetters(_ layout: PlotLayout, on grid: inout Grid) {
    guard layout.hasLetters else { return }
    var taken: Set<Int> = []
    for curve in curves {
      guard let last = curve.smoothed(smoothing).last, let wanted = layout.row(last) else {
        continue
      }
      let rows = (layout.area.y..<layout.area.bottom).filter { !taken.contains($0) }
      guard let row = rows.min(by: { abs($0 - wanted) < abs($1 - wanted) }) else { return }
      taken.insert(row)
      grid.put(curve.letter, x: layout.area.right, y: row, ink: curve.ink)
    }
  }

  /// A line for each pin, numbered at its foot, and a line for the cursor.
  func drawCursor(_ layout: PlotLayout, on grid: inout Grid) {
    for (number, pin) in pins.enumerated() {
      guard let x = layout.column(pin) else { continue }
      drawLine(x, layout, on: &grid)
      let foot = layout.area.bottom - 1
      grid.put(Character("\(number + 1)"), x: x, y: foot, ink: .role(.title))
    }
    if let cursor, let x = layout.column(cursor) { drawLine(x, layout, on: &grid) }
  }

  private func drawLine(_ x: Int, _ layout: PlotLayout, on grid: inout Grid) {
    for y in layout.area.y..<layout.area.bottom {
      grid.put(grid.glyphs.pick("┊", "|"), x: x, y: y, ink: .role(.muted))
    }
  }

  /// The values under the cursor in the top row; below, their differences from each pin.
  func drawReadout(_ layout: PlotLayout, on grid: inout Grid) {
    guard let cursor else { return }
    let smoothed = curves.map { $0.smoothed(smoothing) }
    let here = smoothed.map { $0.value(at: cursor) }
    write(label("", cursor), here.map { $0?.short ?? "-" }, row: 0, layout, on: &grid)
    for (number, pin) in pins.enumerated() {
      let changes = zip(smoothed, here).map { curve, value -> String in
        guard let value, let there = curve.value(at: pin) else { return "-" }
        return (value > there ? "+" : "") + (value - there).short
      }
      write(label("from \(number + 1) at ", pin), changes, row: 1 + number, layout, on: &grid)
    }
  }

  private func label(_ lead: String, _ x: Double) -> String {
    "\(lead)\(xName.isEmpty ? "x" : xName) \(x.shortPlace)"
  }

  /// One value per curve, on the right.
  private func write(
    _ head: String, _ values: [String], row: Int, _ layout: PlotLayout, on grid: inout Grid
  ) {
    guard row < layout.area.height else { return }
    let pieces =
      [StyledText(head, .title)]
      + zip(curves, values).map { StyledText("  \($0.letter) \($1)", ink: $0.ink) }
    let width = min(layout.area.width, pieces.reduce(0) { $0 + $1.text.columns })
    grid.text(pieces, x: layout.area.right - width, y: layout.area.y + row, maxWidth: width)
  }
}
