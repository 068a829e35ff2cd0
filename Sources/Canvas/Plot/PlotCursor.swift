/// The cursor of a plot and the values under it.
extension LinePlot {
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

  /// The values under the cursor in the top row, unless they are beside the names; below, their
  /// differences from each pin.
  func drawReadout(_ layout: PlotLayout, on grid: inout Grid) {
    guard let cursor else { return }
    let smoothed = curves.map { $0.smoothed(smoothing) }
    let here = smoothed.map { $0.value(at: cursor) }
    let values = layout.names > 0 ? [] : here.map { $0?.short ?? "-" }
    write(label("", cursor), values, row: 0, layout, on: &grid)
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
      + zip(curves, values).map { curve, value in
        let name = layout.names > 0 ? curve.name : "\(curve.letter)"
        return StyledText("  \(name) \(value)", ink: curve.ink)
      }
    let width = min(layout.area.width, pieces.reduce(0) { $0 + $1.text.columns })
    grid.text(pieces, x: layout.area.right - width, y: layout.area.y + row, maxWidth: width)
  }
}
