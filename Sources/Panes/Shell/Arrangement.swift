import Canvas

/// Where everything goes at a given size. S is below 100 columns, M below 160, L from there on.
struct Arrangement {
  enum Kind { case line, plot, full }

  var kind: Kind
  var header = Rect(x: 0, y: 0, width: 0, height: 0)
  /// A row of the screen's own above its panes.
  var strip: Rect?
  var panes: [Tile] = []
  var toast = Rect(x: 0, y: 0, width: 0, height: 0)
  var footer: Rect?

  init(of bench: Workbench, width: Int, height: Int) {
    header = Rect(x: 0, y: 0, width: width, height: 1)
    toast = header
    guard width >= 20, height >= 5 else {
      kind = .line
      return
    }
    var body = Rect(x: 0, y: 1, width: width, height: height - 1)
    guard width >= 60, height >= 16 else {
      kind = .plot
      toast = Rect(x: 0, y: height - 1, width: width, height: 1)
      panes = [(bench.model.primary(in: bench), body)]
      return
    }
    kind = .full
    footer = Rect(x: 0, y: height - 1, width: width, height: 1)
    toast = Rect(x: 0, y: height - 2, width: width, height: 1)
    body.height -= 1
    if bench.model.strip(bench, .ascii) != nil {
      strip = Rect(x: 0, y: 1, width: width, height: 1)
      body = Rect(x: 0, y: 2, width: width, height: body.height - 1)
    }
    panes = bench.model.layout(of: bench, in: body)
      .filter { $0.rect.width > 2 && $0.rect.height > 2 }
    arrange(bench.layout, in: body)
    if bench.isFull { panes = [(bench.focused, body)] }
  }

  /// Works in what a person has changed.
  private mutating func arrange(_ layout: Layout, in body: Rect) {
    guard !layout.isStandard else { return }
    var tiling = Tiling(panes)
    for (pane, _) in panes where layout.folded.contains(pane) { tiling.fold(pane) }
    func cells(_ share: Int?, of length: Int) -> Int {
      Int((Double(share ?? 0) / 1000 * Double(length)).rounded())
    }
    for (pane, _) in panes {
      tiling.widen(pane, by: cells(layout.widths[pane], of: body.width))
      tiling.heighten(pane, by: cells(layout.heights[pane], of: body.height))
    }
    panes = tiling.tiles
  }
}
