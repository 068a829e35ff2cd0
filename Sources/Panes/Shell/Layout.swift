import Canvas
import Lab

/// What a person has changed about where panes lie: borders moved, panes folded away.
public struct Layout: Sendable, Equatable {
  /// Thousandths of the screen that a pane takes above its share, never 0.
  var widths: [Pane: Int] = [:]
  var heights: [Pane: Int] = [:]
  var folded: Set<Pane> = []

  static let step = 40
  static let most = 800

  public init() {}

  var isStandard: Bool { self == Layout() }

  mutating func widen(_ pane: Pane, by share: Int) { Self.add(share, to: &widths[pane]) }
  mutating func heighten(_ pane: Pane, by share: Int) { Self.add(share, to: &heights[pane]) }

  private static func add(_ share: Int, to value: inout Int?) {
    let sum = min(most, max(-most, (value ?? 0) + share))
    value = sum == 0 ? nil : sum
  }
}

extension Layout {
  /// Names that mean nothing are passed over: another version may have written them.
  public init(_ stored: Preferences.Layout) {
    let pane = ScreenCatalog.standard.pane(named:)
    func panes(_ shares: [String: Int]) -> [Pane: Int] {
      let known = shares.compactMap { name, share in
        pane(name).map { ($0, min(Self.most, max(-Self.most, share))) }
      }
      return Dictionary(known) { first, _ in first }.filter { $0.value != 0 }
    }
    widths = panes(stored.widths)
    heights = panes(stored.heights)
    folded = Set(stored.folded.compactMap(pane))
  }

  /// To be stored, with the screen that is shown.
  public func stored(on screen: Screen) -> Preferences.Layout {
    func names(_ shares: [Pane: Int]) -> [String: Int] {
      Dictionary(uniqueKeysWithValues: shares.map { ($0.key.rawValue, $0.value) })
    }
    var stored = Preferences.Layout()
    stored.screen = screen.name
    stored.widths = names(widths)
    stored.heights = names(heights)
    stored.folded = folded.map(\.rawValue).sorted()
    return stored
  }
}

/// Moving borders and folding panes, by keys and by the mouse.
extension Workbench {
  mutating func changeLayout(_ change: (inout Layout, Pane) -> Void) -> [Effect] {
    let pane = focused
    isFull = false
    let (before, shown) = (layout, arrangement.panes.map(\.rect))
    change(&layout, pane)
    guard arrangement.panes.map(\.rect) == shown else { return [] }
    layout = before
    return said("\(pane.rawValue) has no border there that could move further")
  }

  /// The focus goes on to the next pane; the last one stays.
  mutating func fold() -> [Effect] {
    let pane = focused
    isFull = false
    let others = visiblePanes.filter { $0 != pane }
    guard let next = others.first(where: { $0.rawValue > pane.rawValue }) ?? others.first else {
      return said("the last pane stays; 0 unfolds the others")
    }
    layout.folded.insert(pane)
    focus[screen] = next
    return said("\(pane.rawValue) is folded; 0 unfolds all panes of this screen")
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

/// A border held by the mouse: the right or the lower one of a pane.
struct Grip: Sendable, Equatable {
  var pane: Pane
  var isRight: Bool
  /// Where it was taken hold of, in cells.
  var x, y: Int
}
