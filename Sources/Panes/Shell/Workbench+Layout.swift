import Canvas
import Lab

/// Moving borders and folding panes, by keys and by the mouse.
extension Workbench {
  mutating func changeLayout(_ id: Action.ID) -> [Effect] {
    let pane = focused
    isFull = false
    if id == .fold { return fold(pane) }
    let (before, shown) = (layout, rects)
    switch id {
    case .wider: layout.widen(pane, by: Layout.step)
    case .narrower: layout.widen(pane, by: -Layout.step)
    case .taller: layout.heighten(pane, by: Layout.step)
    default: layout.heighten(pane, by: -Layout.step)
    }
    guard rects == shown else { return [] }
    layout = before
    return said("\(pane.rawValue) has no border there that could move further")
  }

  private var rects: [Rect] {
    Arrangement(of: self, width: size.width, height: size.height).panes.map(\.rect)
  }

  /// `H J K L`: the pane that lies on that side, the one with the longest border in common first.
  mutating func focusBeside(_ id: Action.ID) -> [Effect] {
    let tiles = Arrangement(of: self, width: size.width, height: size.height).panes
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

  /// The focus goes on to the next pane; the last one stays.
  private mutating func fold(_ pane: Pane) -> [Effect] {
    let others = visiblePanes.filter { $0 != pane }
    guard let next = others.first(where: { $0.rawValue > pane.rawValue }) ?? others.first else {
      return said("the last pane stays; 0 unfolds the others")
    }
    layout.folded.insert(pane)
    focus[screen] = next
    return said("\(pane.rawValue) is folded; 0 unfolds all panes of this screen")
  }

  /// Everything on this screen as it was made.
  mutating func resetLayout() {
    isFull = false
    focus = [:]
    layout.widths = layout.widths.filter { $0.key.screen != screen }
    layout.heights = layout.heights.filter { $0.key.screen != screen }
    layout.folded = layout.folded.filter { $0.screen != screen }
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
    let tiles = Arrangement(of: self, width: size.width, height: size.height)
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

/// A border held by the mouse: the right or the lower one of a pane.
struct Grip: Sendable, Equatable {
  var pane: Pane
  var isRight: Bool
  /// Where it was taken hold of, in cells.
  var x, y: Int
}
