import Canvas
import Lab

/// The picture: header, panes, footer, and what lies over them.
extension Workbench {
  /// Draws at any size, from 0 × 0 on; nothing is remembered.
  public func draw(width: Int, height: Int, glyphs: GlyphSet) -> Grid {
    var grid = Grid(width: width, height: height)
    let places = Arrangement(of: self, width: width, height: height)
    switch places.kind {
    case .line: grid.draw(StatusLine(bench: self, glyphs: glyphs), in: places.header)
    case .plot:
      grid.draw(StatusLine(bench: self, glyphs: glyphs), in: places.header)
      drawSmall(places, glyphs, on: &grid)
    case .full:
      grid.draw(Header(bench: self, glyphs: glyphs, width: width), in: places.header)
      drawFull(places, glyphs, on: &grid)
    }
    if places.kind != .line { drawOverlay(places, glyphs, on: &grid) }
    if glyphs.isASCII { grid.spellInASCII() }
    return grid
  }

  private func drawSmall(_ places: Arrangement, _ glyphs: GlyphSet, on grid: inout Grid) {
    for (pane, rect) in places.panes {
      if let view = view(of: pane, glyphs) { put(view, in: rect, on: &grid) }
    }
    drawToast(places, glyphs, on: &grid)
  }

  private func drawFull(_ places: Arrangement, _ glyphs: GlyphSet, on grid: inout Grid) {
    if let place = places.strip, let strip = model.strip(self, glyphs) {
      grid.clipped(to: place) { strip.draw(in: place, on: &$0) }
    }
    let focused = focused
    let shown = places.panes.contains { $0.pane == focused } ? focused : places.panes.first?.pane
    for (pane, rect) in places.panes {
      guard let view = view(of: pane, glyphs) else { continue }
      let frame = Frame(view.title, note: view.note, focused: pane == shown, glyphs: glyphs)
      grid.draw(frame, in: rect)
      put(view, in: Frame.inside(rect), on: &grid)
    }
    model.drawOver(self, glyphs, on: &grid)
    drawToast(places, glyphs, on: &grid)
    if let footer = places.footer { grid.draw(hints(glyphs), in: footer) }
  }

  func view(of pane: Pane, _ glyphs: GlyphSet) -> (any PaneView)? {
    screens[pane]?.view(self, glyphs)
  }

  private func put(_ view: any PaneView, in rect: Rect, on grid: inout Grid) {
    guard !rect.isEmpty else { return }
    grid.clipped(to: rect) { view.draw(in: rect, on: &$0) }
  }

  private func drawToast(_ places: Arrangement, _ glyphs: GlyphSet, on grid: inout Grid) {
    guard let toast else { return }
    let mark = toast.isWarning ? "!" : "·"
    let text = " \(mark) \(toast.text)".padded(
      to: places.toast.width, ellipsis: glyphs.ellipsis)
    let ink = Ink.role(toast.isWarning ? .warn : .title)
    grid.text(text, x: 0, y: places.toast.y, ink: ink)
  }

  private func drawOverlay(_ places: Arrangement, _ glyphs: GlyphSet, on grid: inout Grid) {
    let body = Rect(x: 0, y: 1, width: grid.width, height: grid.height - 1)
    switch overlay {
    case .help(let help):
      HelpOverlay(bench: self, glyphs: glyphs, help: help).draw(over: body, on: &grid)
    case .palette(let palette):
      PaletteBox(bench: self, palette: palette, glyphs: glyphs).draw(over: body, on: &grid)
    case .menu(let menu): MenuBox(menu: menu, glyphs: glyphs).draw(over: body, on: &grid)
    case .changes(let state):
      ChangesBox(bench: self, state: state, glyphs: glyphs).draw(over: body, on: &grid)
    case .goTo(let digits):
      let last = replay?.recording.events.last?.step ?? 0
      GoToBox(digits: digits, last: last, glyphs: glyphs).draw(over: body, on: &grid)
    case nil: break
    }
  }
}
