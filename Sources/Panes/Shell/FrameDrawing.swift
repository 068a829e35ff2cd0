import Canvas
import Lab

/// A frame: header, panes, footer, and the overlay.
struct FrameDrawing {
  let bench: Workbench

  /// At any size, from 0 × 0 on; nothing is remembered. Where something lies over a picture, it is
  /// drawn in cells.
  func grid(width: Int, height: Int) -> Grid {
    let grid = drawn(width, height)
    guard !grid.hasWholePictures else { return grid }
    var plain = bench
    plain.glyphs.images = nil
    return FrameDrawing(bench: plain).drawn(width, height)
  }

  private func drawn(_ width: Int, _ height: Int) -> Grid {
    var grid = Grid(width: width, height: height, glyphs: bench.glyphs)
    let places = Arrangement(of: bench, width: width, height: height)
    switch places.kind {
    case .line: grid.draw(StatusLine(bench: bench), in: places.header)
    case .plot:
      grid.draw(StatusLine(bench: bench), in: places.header)
      drawSmall(places, on: &grid)
    case .full:
      grid.draw(HeaderRow(bench: bench, width: width), in: places.header)
      drawFull(places, on: &grid)
    }
    if places.kind != .line { drawOverlay(on: &grid) }
    if bench.glyphs.isASCII { grid.replaceNonASCII() }
    return grid
  }

  private func drawSmall(_ places: Arrangement, on grid: inout Grid) {
    for (pane, rect) in places.panes {
      if let view = bench.view(of: pane) { put(view, in: rect, on: &grid) }
    }
    drawToast(places, on: &grid)
  }

  private func drawFull(_ places: Arrangement, on grid: inout Grid) {
    if let place = places.strip, let strip = bench.model.strip(bench) {
      grid.clipped(to: place) { strip.draw(in: place, on: &$0) }
    }
    let focused = bench.focused
    let shown = places.panes.contains { $0.pane == focused } ? focused : places.panes.first?.pane
    for (pane, rect) in places.panes {
      guard let view = bench.view(of: pane) else { continue }
      let caption = Caption(view.title, tabs: view.tabs, note: view.note)
      grid.border(rect, caption, focused: pane == shown)
      put(view, in: rect.inset(), on: &grid)
      if pane != shown { grid.restSelection(in: rect.inset()) }
    }
    bench.model.drawOver(bench, on: &grid)
    drawToast(places, on: &grid)
    if let tour = bench.tour, let row = places.tour {
      grid.draw(TourRow(tour: tour, bench: bench), in: row)
    }
    if let footer = places.footer {
      grid.draw(HintRow(bench: bench).footer, in: footer)
    }
  }

  private func put(_ view: any PaneView, in rect: Rect, on grid: inout Grid) {
    guard !rect.isEmpty else { return }
    grid.clipped(to: rect) { view.draw(in: rect, on: &$0) }
  }

  private func drawToast(_ places: Arrangement, on grid: inout Grid) {
    guard let toast = bench.toast else { return }
    ToastBox(toast: toast).draw(over: places.toast, on: &grid)
  }

  private func drawOverlay(on grid: inout Grid) {
    let body = Rect(x: 0, y: 1, width: grid.width, height: grid.height - 1)
    guard let overlay = bench.overlay, !overlay.fill(body, bench, on: &grid) else { return }
    overlay.box(bench, over: body)?.draw(over: body, on: &grid)
  }
}

/// A sentence that comes and goes, at the right of the lower borders: a box of its own, so that no
/// pane's content lies under it unless it is too long for a row.
struct ToastBox {
  let toast: Toast

  func draw(over row: Rect, on grid: inout Grid) {
    let mark = toast.isWarning ? "!" : "\(grid.glyphs.dot)"
    let role: Role = toast.isWarning ? .warn : .good
    let lines = toast.text.wrapped(to: max(8, row.width - 6))
    let width = min(row.width, (lines.map(\.columns).max() ?? 0) + 5)
    let top = max(1, row.y - lines.count + 1)
    for (i, line) in lines.prefix(row.y - top + 1).enumerated() {
      let place = Rect(x: row.right - width, y: top + i, width: width, height: 1)
      grid.fill(place, with: Cell(" ", paper: .role(.surface)))
      let edge = grid.glyphs.pick("▌", "|")
      grid.text(
        [
          StyledText("\(edge)\(i == 0 ? mark : " ") ", ink: .role(role), paper: .role(.surface)),
          StyledText(line, ink: .role(.title), paper: .role(.surface)),
        ], x: place.x, y: place.y, maxWidth: place.width)
    }
  }
}

/// Where everything goes at a given size. S is below 100 columns, M below 160, L from there on.
struct Arrangement {
  enum Kind { case line, plot, full }

  var kind: Kind
  var header = Rect(x: 0, y: 0, width: 0, height: 0)
  /// A row of the screen's own above its panes.
  var strip: Rect?
  var panes: [Tile] = []
  var toast = Rect(x: 0, y: 0, width: 0, height: 0)
  /// The row for the tour.
  var tour: Rect?
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
    if bench.tour != nil {
      tour = Rect(x: 0, y: height - 2, width: width, height: 1)
      toast.y -= 1
      body.height -= 1
    }
    if bench.model.strip(bench) != nil {
      strip = Rect(x: 0, y: 1, width: width, height: 1)
      body = Rect(x: 0, y: 2, width: width, height: body.height - 1)
    }
    panes = bench.model.layout(of: bench, in: body)
      .filter { $0.rect.width > 2 && $0.rect.height > 2 }
    arrange(bench.layout, in: body)
    if bench.isFull { panes = [(bench.focused, body)] }
  }

  /// Works in what a person has changed.
  private mutating func arrange(_ layout: PaneLayout, in body: Rect) {
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
