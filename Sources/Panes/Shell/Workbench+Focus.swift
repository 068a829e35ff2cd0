import Canvas
import Lab

/// Focus and cursors: which pane has the keys, and the line of each that they are about.
extension Workbench {
  /// The pane that has the keys.
  var focused: Pane {
    let shown = visiblePanes
    guard let wanted = focus[screen] else { return shown.first ?? model.primary(in: self) }
    return shown.contains(wanted) ? wanted : shown.first ?? wanted
  }

  /// In `Tab` order: what the screen's size shows, or every pane while one is shown alone.
  var visiblePanes: [Pane] {
    let all = model.panes(in: self).map(\.id)
    if isFull { return all }
    let shown = arrangement.panes.map(\.pane)
    return shown.isEmpty ? all : shown
  }

  /// Of the screen at its present size.
  var arrangement: Arrangement {
    Arrangement(of: self, width: size.width, height: size.height)
  }

  mutating func focusNext(by step: Int) -> [Effect] {
    let panes = visiblePanes
    guard let here = panes.firstIndex(of: focused) else { return [] }
    focus[screen] = panes[(here + step + panes.count) % panes.count]
    return []
  }

  /// The next pane, but not the first again after the last.
  mutating func focusNeighbour(_ step: Int) {
    let panes = visiblePanes
    guard let here = panes.firstIndex(of: focused) else { return }
    focus[screen] = panes[min(panes.count - 1, max(0, here + step))]
  }

  /// `H J K L`: the pane that lies on that side, the one with the longest border in common first.
  mutating func focusBeside(_ id: Action.ID) -> [Effect] {
    let tiles = arrangement.panes
    guard let here = tiles.first(where: { $0.pane == focused })?.rect else { return [] }
    func along(_ rect: Rect) -> Int {
      let meets: Bool =
        switch id {
        case .focusLeft: rect.right == here.x
        case .focusRight: rect.x == here.right
        case .focusUp: rect.bottom == here.y
        default: rect.y == here.bottom
        }
      guard meets else { return 0 }
      return [.focusLeft, .focusRight].contains(id)
        ? min(rect.bottom, here.bottom) - max(rect.y, here.y)
        : min(rect.right, here.right) - max(rect.x, here.x)
    }
    let beside = tiles.filter { along($0.rect) > 0 }
    guard let next = beside.max(by: { along($0.rect) < along($1.rect) }) else {
      return said("no pane lies on that side")
    }
    focus[screen] = next.pane
    return []
  }

  // MARK: cursors

  var page: Int { max(1, size.height - 8) }

  /// How many lines the cursor of a pane walks over.
  func lines(of pane: Pane) -> Int { screens[pane]?.lines(self) ?? 0 }

  /// The line under the cursor, always a line that exists (0 when there is none).
  package func cursor(_ pane: Pane) -> Int {
    let holder = screens[pane]?.cursor ?? pane
    return min(max(0, cursors[holder] ?? 0), max(0, lines(of: pane) - 1))
  }

  mutating func moveCursor(by step: Int) -> [Effect] {
    let pane = screens[focused]?.moves ?? focused
    let model = screens[pane]
    let last = max(0, lines(of: pane) - 1)
    let (next, overflow) = cursor(pane).addingReportingOverflow(step)
    cursors[model?.cursor ?? pane] =
      overflow ? (step < 0 ? 0 : last) : min(last, max(0, next))
    return model?.moved?(&self) ?? []
  }

  mutating func moveAcross(_ step: Int) -> [Effect] { model.moveAcross(step, &self) }
}
