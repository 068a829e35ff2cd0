/// The layers of a plot, from the axes at the back to the readout in front.
extension LinePlot {
  func drawAxes(_ layout: PlotLayout, on grid: inout Grid) {
    let area = layout.area
    if !layout.ticks.isEmpty {
      for y in area.y..<area.bottom {
        grid.put(glyphs.pick("│", "|"), x: area.x - 1, y: y, ink: .role(.border))
      }
      var free = Int.max  // ticks come from the bottom up; a row holds one
      for tick in layout.ticks where tick.row < free {
        grid.put(glyphs.pick("┤", "+"), x: area.x - 1, y: tick.row, ink: .role(.border))
        let x = area.x - 1 - tick.label.columns
        grid.text(tick.label, x: x, y: tick.row, ink: .role(.muted))
        free = tick.row
      }
    }
    guard layout.hasXLabels else { return }
    let low = layout.x.low.short
    let high = (xName.isEmpty ? "" : xName + " ") + layout.x.high.short
    let used = grid.text(low, x: area.x, y: area.bottom, ink: .role(.muted), maxWidth: area.width)
    if used + 1 + high.columns <= area.width {
      grid.text(high, x: area.right - high.columns, y: area.bottom, ink: .role(.muted))
    }
  }

  /// Raw curves at the back, the selected one in front.
  func drawCurves(_ layout: PlotLayout, on grid: inout Grid) {
    let area = layout.area
    var raster = DotRaster(width: area.width, height: area.height, tier: glyphs.tier)
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
      grid.put(glyphs.pick("▲", "^"), x: x, y: y, ink: .role(.good))
    }
  }

  /// All points of one dot column become one vertical stroke from least to greatest, so the
  /// cost follows the number of points and no extreme is lost.
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

  /// The dot of a point; values beyond the y range lie just outside it and are clipped.
  private func dot(
    _ x: Double, _ y: Double, _ layout: PlotLayout, _ raster: DotRaster
  ) -> (x: Int, y: Int)? {
    guard let px = layout.x.position(x), let py = layout.y.position(y), px >= 0, px <= 1
    else { return nil }
    let column = (px * Double(raster.dotWidth - 1)).rounded()
    let row = ((1 - min(1.5, max(-0.5, py))) * Double(raster.dotHeight - 1)).rounded()
    return (Int(column), Int(row))
  }

  /// The letter of each curve beside its end; letters in the way of each other move apart.
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

  func drawCursor(_ layout: PlotLayout, on grid: inout Grid) {
    guard let cursor, let x = layout.column(cursor) else { return }
    for y in layout.area.y..<layout.area.bottom {
      grid.put(glyphs.pick("┊", "|"), x: x, y: y, ink: .role(.muted))
    }
  }

  /// The values under the cursor, in the top row.
  func drawReadout(_ layout: PlotLayout, on grid: inout Grid) {
    guard let cursor else { return }
    var pieces = [StyledText("\(xName.isEmpty ? "x" : xName) \(cursor.short)", ink: .role(.title))]
    for curve in curves {
      let value = curve.smoothed(smoothing).value(at: cursor).map(\.short) ?? "-"
      pieces.append(StyledText("  \(curve.letter) \(value)", ink: curve.ink))
    }
    let width = min(layout.area.width, pieces.reduce(0) { $0 + $1.text.columns })
    grid.text(
      pieces, x: layout.area.right - width, y: layout.area.y, maxWidth: width,
      ellipsis: glyphs.ellipsis)
  }
}
