/// The curves of a plot, and where each ends.
extension LinePlot {
  /// Raw curves at the back, the selected one in front, and twice as thick among others.
  func drawCurves(_ layout: PlotLayout, on grid: inout Grid) {
    let area = layout.area
    var raster = DotRaster(width: area.width, height: area.height, tier: grid.glyphs.tier)
    let top = selected.flatMap { curves.indices.contains($0) ? $0 : nil }
    let order = curves.indices.filter { $0 != top } + (top.map { [$0] } ?? [])
    if smoothing > 0 {
      for i in order {
        trace(curves[i], ink: rawInk(curves[i].ink, grid.glyphs), layout, on: &raster)
      }
    }
    var front = DotRaster(width: area.width, height: area.height, tier: grid.glyphs.tier)
    for i in order {
      let smooth = curves[i].smoothed(smoothing)
      trace(smooth, ink: curves[i].ink, layout, on: &raster)
      guard i == top else { continue }
      trace(smooth, ink: curves[i].ink, layout, on: &front)
      if curves.count > 1 || smoothing > 0 { raster.thicken(front) }
    }
    raster.draw(at: area.x, area.y, on: &grid)
    drawBest(layout, on: &grid)
    if grid.glyphs.blends, grid.glyphs.hasPapers {
      if let top { fill(under: front, curves[top].ink, area, on: &grid) }
      shadeRest(layout, on: &grid)
    }
  }

  private func drawBest(_ layout: PlotLayout, on grid: inout Grid) {
    guard let best, let x = layout.column(best.x), let y = layout.row(best.y) else { return }
    grid.put(grid.glyphs.pick("◆", "^"), x: x, y: y, ink: .role(.good))
  }

  private func rawInk(_ ink: Ink, _ glyphs: GlyphSet) -> Ink {
    glyphs.blends ? ink.mixed(with: .role(.page), 0.62) : .role(.faint)
  }

  /// A paper below a curve that fades towards the bottom.
  private func fill(under front: DotRaster, _ ink: Ink, _ area: Rect, on grid: inout Grid) {
    let height = Double(max(1, area.height))
    let papers = (0..<area.height).map { row in
      let depth = 1 - Double(row) / height
      return Ink.role(.page).mixed(with: ink, 0.03 + 0.26 * Math.pow(depth, 1.2))
    }
    let tops = (0..<area.width).map { front.top(ofColumn: $0) }
    guard let start = tops.firstIndex(where: { $0 != nil }),
      let end = tops.lastIndex(where: { $0 != nil })
    else { return }
    var first = 0
    for x in start...end {
      // Where the curve is out of sight above, the fill goes on as before.
      first = tops[x] ?? first
      for row in first..<area.height {
        grid.restyle(
          Rect(x: area.x + x, y: area.y + row, width: 1, height: 1), paper: papers[row])
      }
    }
  }

  /// The part of a fixed x axis that no curve has reached.
  private func shadeRest(_ layout: PlotLayout, on grid: inout Grid) {
    let area = layout.area
    guard xRange != nil, let last = curves.flatMap(\.x).filter(\.isFinite).max(),
      let column = layout.column(last)
    else { return }
    grid.restyle(
      Rect(x: column + 1, y: area.y, width: area.right - column - 1, height: area.height),
      paper: Ink.role(.page).mixed(with: .role(.track), 0.35))
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

  // MARK: ends

  /// The name and the last value of each curve beside its end, or its letter.
  func drawNames(_ layout: PlotLayout, on grid: inout Grid) {
    guard layout.names > 0 || layout.hasLetters else { return }
    for (i, row) in rows(of: layout) {
      let curve = curves[i]
      guard layout.names > 0 else {
        grid.put(curve.letter, x: layout.area.right, y: row, ink: curve.ink)
        continue
      }
      let smooth = curve.smoothed(smoothing)
      let value = (cursor.map { smooth.value(at: $0) } ?? smooth.last)?.short ?? "-"
      let x = layout.area.right + 1
      let room = max(0, layout.names - value.columns - 1)
      let used = grid.text(curve.name, x: x, y: row, ink: curve.ink, maxWidth: room)
      grid.text(value, x: x + used + 1, y: row, ink: i == selected ? .role(.title) : .role(.text))
    }
  }

  /// A row for each curve, near its end and in the order of the ends; those that collide move
  /// apart. The selected one comes first where not all have room.
  private func rows(of layout: PlotLayout) -> [(curve: Int, row: Int)] {
    let area = layout.area
    let ends = curves.indices.compactMap { i -> (curve: Int, row: Int)? in
      guard let last = curves[i].smoothed(smoothing).last, let row = layout.nearestRow(last)
      else { return nil }
      return (i, row)
    }
    let kept = ends.sorted { ($0.curve == selected ? 0 : 1) < ($1.curve == selected ? 0 : 1) }
      .prefix(area.height).sorted { ($0.row, $0.curve) < ($1.row, $1.curve) }
    var rows = kept.map(\.row)
    for i in rows.indices.dropFirst() { rows[i] = max(rows[i], rows[i - 1] + 1) }
    var limit = area.bottom - 1
    for i in rows.indices.reversed() {
      rows[i] = min(rows[i], limit)
      limit = rows[i] - 1
    }
    return zip(kept, rows).map { ($0.curve, $1) }
  }
}
