import Canvas
import Lab

/// The mouse on the curves of 3 Train: what the left button is drawn over is enlarged, the right
/// one inspects.
extension Workbench {
  /// True where the mouse was about a plot's curves.
  mutating func touchPlot(_ mouse: Mouse) -> Bool {
    switch (mouse.button, mouse.action) {
    case (.left, .press):
      plotGrip = curves(under: mouse)
      if let plotGrip { focus[screen] = plotGrip.pane }
      return plotGrip != nil
    case (.left, .release):
      guard let start = plotGrip else { return false }
      plotGrip = nil
      if let end = curves(under: mouse), abs(mouse.x - start.x) > 1 { enlarge(start, end) }
      return true
    case (.right, _):
      guard let place = curves(under: mouse) else { return false }
      focus[screen] = place.pane
      train.inspect = place.share
      return true
    default: return false
    }
  }

  /// The plots share their x axis, so a drag may end in another one.
  private mutating func enlarge(_ start: PlotGrip, _ end: PlotGrip) {
    let width = abs(end.share - start.share)
    train.zoom = min(TrainState.largestZoom, max(1, 1 / max(width, 1e-9)))
    train.inspect = (start.share + end.share) / 2
  }

  private func curves(under mouse: Mouse) -> PlotGrip? {
    let tiles = Arrangement(of: self, width: size.width, height: size.height)
    guard screen == .train, tiles.kind != .line,
      let hit = tiles.panes.first(where: { $0.rect.contains(x: mouse.x, y: mouse.y) }),
      let plot = view(of: hit.pane, .unicode) as? CurvePane
    else { return nil }
    let rect = tiles.kind == .full ? Frame.inside(hit.rect) : hit.rect
    guard rect.contains(x: mouse.x, y: mouse.y) else { return nil }
    return plot.share(at: mouse.x, in: rect).map {
      PlotGrip(pane: hit.pane, x: mouse.x, share: $0)
    }
  }
}

/// A place on the x axis held by the mouse.
struct PlotGrip: Sendable, Equatable {
  var pane: Pane
  /// Column of the screen.
  var x: Int
  /// Of the whole axis.
  var share: Double
}
