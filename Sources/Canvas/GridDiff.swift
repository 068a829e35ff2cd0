/// The difference between two frames, so that only changed cells are sent to the terminal.
public struct CellRun: Sendable, Hashable {
  public let x, y: Int
  public let cells: [Cell]
}

extension Grid {
  /// The horizontal runs of cells that differ from `old`; all cells if the size differs.
  public func changes(from old: Grid?) -> [CellRun] {
    guard let old, old.width == width, old.height == height else {
      return (0..<height).map { y in
        CellRun(x: 0, y: y, cells: Array(cells[y * width..<(y + 1) * width]))
      }.filter { !$0.cells.isEmpty }
    }
    return (0..<height).flatMap { runs(in: $0, from: old) }
  }

  private func runs(in y: Int, from old: Grid) -> [CellRun] {
    var runs: [CellRun] = []
    var x = 0
    while x < width {
      let start = x
      while x < width, differs(x, y, from: old) { x += 1 }
      if x > start {
        runs.append(CellRun(x: start, y: y, cells: Array(cells[y * width + start..<y * width + x])))
      }
      x += 1
    }
    return runs
  }

  /// Both halves of a wide character count as changed if either is.
  private func differs(_ x: Int, _ y: Int, from old: Grid) -> Bool {
    let i = y * width + x
    if cells[i] != old.cells[i] { return true }
    if cells[i].width == 2, x + 1 < width { return cells[i + 1] != old.cells[i + 1] }
    if cells[i].width == 0, x > 0 { return cells[i - 1] != old.cells[i - 1] }
    return false
  }
}
