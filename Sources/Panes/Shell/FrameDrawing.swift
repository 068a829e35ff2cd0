import Canvas
import Lab

/// A frame: header, panes, footer, and what lies over them.
struct FrameDrawing {
  let bench: Workbench
  let glyphs: GlyphSet

  /// At any size, from 0 × 0 on; nothing is remembered.
  func grid(width: Int, height: Int) -> Grid {
    var grid = Grid(width: width, height: height)
    let places = Arrangement(of: bench, width: width, height: height)
    switch places.kind {
    case .line: grid.draw(StatusLine(bench: bench, glyphs: glyphs), in: places.header)
    case .plot:
      grid.draw(StatusLine(bench: bench, glyphs: glyphs), in: places.header)
      drawSmall(places, on: &grid)
    case .full:
      grid.draw(Header(bench: bench, glyphs: glyphs, width: width), in: places.header)
      drawFull(places, on: &grid)
    }
    if places.kind != .line { drawOverlay(on: &grid) }
    if glyphs.isASCII { grid.spellInASCII() }
    return grid
  }

  private func drawSmall(_ places: Arrangement, on grid: inout Grid) {
    for (pane, rect) in places.panes {
      if let view = bench.view(of: pane, glyphs) { put(view, in: rect, on: &grid) }
    }
    drawToast(places, on: &grid)
  }

  private func drawFull(_ places: Arrangement, on grid: inout Grid) {
    if let place = places.strip, let strip = bench.model.strip(bench, glyphs) {
      grid.clipped(to: place) { strip.draw(in: place, on: &$0) }
    }
    let focused = bench.focused
    let shown = places.panes.contains { $0.pane == focused } ? focused : places.panes.first?.pane
    for (pane, rect) in places.panes {
      guard let view = bench.view(of: pane, glyphs) else { continue }
      let border = Border(view.title, note: view.note, focused: pane == shown, glyphs: glyphs)
      grid.draw(border, in: rect)
      put(view, in: Border.inside(rect), on: &grid)
    }
    bench.model.drawOver(bench, glyphs, on: &grid)
    drawToast(places, on: &grid)
    if let footer = places.footer { grid.draw(HintRow(bench: bench).footer(glyphs), in: footer) }
  }

  private func put(_ view: any PaneView, in rect: Rect, on grid: inout Grid) {
    guard !rect.isEmpty else { return }
    grid.clipped(to: rect) { view.draw(in: rect, on: &$0) }
  }

  private func drawToast(_ places: Arrangement, on grid: inout Grid) {
    guard let toast = bench.toast else { return }
    let mark = toast.isWarning ? "!" : "·"
    let text = " \(mark) \(toast.text)".padded(
      to: places.toast.width, ellipsis: glyphs.ellipsis)
    let ink = Ink.role(toast.isWarning ? .warn : .title)
    grid.text(text, x: 0, y: places.toast.y, ink: ink)
  }

  private func drawOverlay(on grid: inout Grid) {
    let body = Rect(x: 0, y: 1, width: grid.width, height: grid.height - 1)
    bench.overlay?.box(bench, glyphs, over: body)?.draw(over: body, on: &grid)
  }
}
