import Canvas

/// The scores of each class as marks on a common scale, one for each run, over a column of a table.
struct ClassDots {
  struct Run {
    /// Among those side by side; gives shape and colour.
    let place: Int
    /// By class.
    let values: [String: Double]
  }

  let names: [String]
  /// A later one lies on an earlier one.
  let runs: [Run]
  let table: TableWidget

  func draw(columns: Range<Int>, in rect: Rect, on grid: inout Grid) {
    let axis = Axis(fitting: runs.flatMap(\.values.values))
    for y in rect.y..<rect.bottom {
      guard let row = table.row(at: y, in: rect), names.indices.contains(row) else { continue }
      let line = Rect(x: columns.lowerBound, y: y, width: columns.count, height: 1)
      let glyphs = grid.glyphs
      grid.dots(
        runs.compactMap { run in
          guard let share = run.values[names[row]].flatMap(axis.position) else { return nil }
          return (share, .role(RunMark.role(run.place)), RunMark.glyph(run.place, glyphs))
        }, in: line)
      if row == table.selection { grid.select(line, pointer: false) }
    }
    let end = axis.high.short
    grid.text([StyledText(axis.low.short, .faint)], x: columns.lowerBound, y: rect.y)
    grid.text([StyledText(end, .faint)], x: columns.upperBound - end.columns, y: rect.y)
  }
}
