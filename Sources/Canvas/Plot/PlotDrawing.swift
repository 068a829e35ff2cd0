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
