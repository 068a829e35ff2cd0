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

  /// `H J K L`: focuses the neighbour on that side with the longest common border.
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
      return said("no pane on that side")
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

  // MARK: borders

  mutating func changeLayout(_ change: (inout PaneLayout, Pane) -> Void) -> [Effect] {
    let pane = focused
    isFull = false
    let (before, shown) = (layout, arrangement.panes.map(\.rect))
    change(&layout, pane)
    guard arrangement.panes.map(\.rect) == shown else { return [] }
    layout = before
    return said("\(pane.rawValue): this border cannot move further")
  }

  /// Folds the focused pane and focuses the next one; the last pane cannot be folded.
  mutating func fold() -> [Effect] {
    let pane = focused
    isFull = false
    let others = visiblePanes.filter { $0 != pane }
    guard let next = others.first(where: { $0.rawValue > pane.rawValue }) ?? others.first else {
      return said("the last pane cannot be folded; press 0 to unfold the others")
    }
    layout.folded.insert(pane)
    focus[screen] = next
    return said("\(pane.rawValue) is folded; press 0 to unfold all panes")
  }

  /// Everything on this screen as it was made.
  mutating func resetLayout() -> [Effect] {
    isFull = false
    focus = [:]
    func isElsewhere(_ pane: Pane) -> Bool { screens.home(of: pane) != screen }
    layout.widths = layout.widths.filter { isElsewhere($0.key) }
    layout.heights = layout.heights.filter { isElsewhere($0.key) }
    layout.folded = layout.folded.filter(isElsewhere)
    return []
  }

  /// A press on a border takes hold of it, a release elsewhere leaves it there. True where the
  /// mouse was about a border.
  mutating func drag(_ mouse: Mouse) -> Bool {
    guard mouse.button == .left else { return false }
    if mouse.action == .press {
      grip = border(under: mouse)
      return grip != nil
    }
    guard let grip else { return false }
    self.grip = nil
    let moved = (x: mouse.x - grip.x, y: mouse.y - grip.y)
    if grip.isRight, moved.x != 0 {
      layout.widen(grip.pane, by: Self.share(moved.x, of: size.width))
    } else if !grip.isRight, moved.y != 0 {
      layout.heighten(grip.pane, by: Self.share(moved.y, of: size.height))
    }
    return true
  }

  private static func share(_ cells: Int, of length: Int) -> Int {
    Int((Double(cells) * 1000 / Double(max(1, length))).rounded())
  }

  private func border(under mouse: Mouse) -> Grip? {
    let tiles = arrangement
    guard tiles.kind == .full, !isFull else { return nil }
    let (x, y) = (mouse.x, mouse.y)
    for (pane, rect) in tiles.panes where rect.contains(x: x, y: y) {
      let right = rect.right - 1, bottom = rect.bottom - 1
      if x == right, tiles.panes.contains(where: { $0.rect.x == rect.right }) {
        return Grip(pane: pane, isRight: true, x: x, y: y)
      }
      if y == bottom, tiles.panes.contains(where: { $0.rect.y == rect.bottom }) {
        return Grip(pane: pane, isRight: false, x: x, y: y)
      }
    }
    return nil
  }
}
