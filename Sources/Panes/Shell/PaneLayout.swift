import Canvas
import Lab

/// The user's changes to the layout of panes: borders moved, panes folded.
public struct PaneLayout: Sendable, Equatable {
  /// Thousandths of the screen that a pane takes above its share, never 0.
  var widths: [Pane: Int] = [:]
  var heights: [Pane: Int] = [:]
  var folded: Set<Pane> = []

  static let step = 40
  static let most = 800

  public init() {}

  var isStandard: Bool { self == PaneLayout() }

  mutating func widen(_ pane: Pane, by share: Int) { Self.add(share, to: &widths[pane]) }
  mutating func heighten(_ pane: Pane, by share: Int) { Self.add(share, to: &heights[pane]) }

  private static func add(_ share: Int, to value: inout Int?) {
    let sum = min(most, max(-most, (value ?? 0) + share))
    value = sum == 0 ? nil : sum
  }
}

extension PaneLayout {
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

/// A border held by the mouse: the right or the lower one of a pane.
struct Grip: Sendable, Equatable {
  var pane: Pane
  var isRight: Bool
  /// Where it was taken hold of, in cells.
  var x, y: Int
}

/// Panes that cover a rectangle without gaps, as rows and columns nested in each other do. A pane
/// may be taken out and a border moved; the neighbours follow, and the cover stays whole.
struct Tiling {
  private(set) var tiles: [Tile]
  /// No border is moved so far that less is left of a pane.
  static let leastWidth = 12, leastHeight = 4

  init(_ tiles: [Tile]) { self.tiles = tiles }

  /// Takes a pane out and gives its place to the neighbours along one whole side. The last pane
  /// stays.
  mutating func fold(_ pane: Pane) {
    guard tiles.count > 1, let gone = tiles.first(where: { $0.pane == pane })?.rect else { return }
    for side in Side.allCases {
      let next = tiles.indices.filter { side.touches(tiles[$0].rect, gone) }
      guard !next.isEmpty, side.covers(next.map { tiles[$0].rect }, gone) else { continue }
      for i in next { tiles[i].rect = side.stretched(tiles[i].rect, over: gone) }
      tiles.removeAll { $0.pane == pane }
      return
    }
  }

  /// Makes a pane wider or narrower by a number of columns, at its right border or else its left.
  mutating func widen(_ pane: Pane, by columns: Int) {
    guard columns != 0, let rect = rect(pane) else { return }
    if !moveVertical(at: rect.right, touching: rect, by: columns) {
      _ = moveVertical(at: rect.x, touching: rect, by: -columns)
    }
  }

  /// The same for rows, at its lower border or else its upper.
  mutating func heighten(_ pane: Pane, by rows: Int) {
    guard rows != 0, let rect = rect(pane) else { return }
    transpose()
    let turned = Self.turned(rect)
    if !moveVertical(
      at: turned.right, touching: turned, by: rows, least: Self.leastHeight)
    {
      _ = moveVertical(at: turned.x, touching: turned, by: -rows, least: Self.leastHeight)
    }
    transpose()
  }

  private func rect(_ pane: Pane) -> Rect? { tiles.first { $0.pane == pane }?.rect }

  /// Moves the border at column `x` beside a tile, along its straight part, as far as there
  /// is room. False without such a border.
  private mutating func moveVertical(
    at x: Int, touching rect: Rect, by columns: Int, least: Int = Tiling.leastWidth
  ) -> Bool {
    var span = rect.y..<rect.bottom
    var before: [Int] = [], after: [Int] = []
    while true {
      func meets(_ tile: Rect) -> Bool { tile.y < span.upperBound && tile.bottom > span.lowerBound }
      before = tiles.indices.filter { tiles[$0].rect.right == x && meets(tiles[$0].rect) }
      after = tiles.indices.filter { tiles[$0].rect.x == x && meets(tiles[$0].rect) }
      guard !before.isEmpty, !after.isEmpty else { return false }
      let all = (before + after).map { tiles[$0].rect }
      let wide = (all.map(\.y).min() ?? 0)..<(all.map(\.bottom).max() ?? 0)
      if wide == span { break }
      span = wide
    }
    let room = (
      low: (before.map { tiles[$0].rect.width }.min() ?? 0) - least,
      high: (after.map { tiles[$0].rect.width }.min() ?? 0) - least
    )
    let move = min(max(0, room.high), max(-max(0, room.low), columns))
    for i in before { tiles[i].rect.width += move }
    for i in after {
      tiles[i].rect.x += move
      tiles[i].rect.width -= move
    }
    return true
  }

  private mutating func transpose() {
    for i in tiles.indices { tiles[i].rect = Self.turned(tiles[i].rect) }
  }

  private static func turned(_ rect: Rect) -> Rect {
    Rect(x: rect.y, y: rect.x, width: rect.height, height: rect.width)
  }
}

/// The side on which neighbours of a pane may take its place.
private enum Side: CaseIterable {
  case above, below, left, right

  /// Whether a tile touches another on this side, within its length.
  func touches(_ tile: Rect, _ other: Rect) -> Bool {
    switch self {
    case .above, .below:
      let meets = self == .above ? tile.bottom == other.y : tile.y == other.bottom
      return meets && tile.x >= other.x && tile.right <= other.right
    case .left, .right:
      let meets = self == .left ? tile.right == other.x : tile.x == other.right
      return meets && tile.y >= other.y && tile.bottom <= other.bottom
    }
  }

  /// Whether tiles within the length of another leave nothing of it free.
  func covers(_ tiles: [Rect], _ other: Rect) -> Bool {
    switch self {
    case .above, .below: tiles.reduce(0) { $0 + $1.width } == other.width
    case .left, .right: tiles.reduce(0) { $0 + $1.height } == other.height
    }
  }

  func stretched(_ tile: Rect, over other: Rect) -> Rect {
    var tile = tile
    switch self {
    case .above: tile.height += other.height
    case .below: (tile.y, tile.height) = (other.y, tile.height + other.height)
    case .left: tile.width += other.width
    case .right: (tile.x, tile.width) = (other.x, tile.width + other.width)
    }
    return tile
  }
}

/// Cutting a rectangle into columns or rows.
package enum Length {
  case fixed(Int)
  /// A part of what the fixed ones leave.
  case share(Int)
}

extension Rect {
  package func columns(_ lengths: Length...) -> [Rect] {
    var x = x
    return Rect.sizes(lengths, of: width).map { width in
      defer { x += width }
      return Rect(x: x, y: y, width: width, height: height)
    }
  }

  package func rows(_ lengths: Length...) -> [Rect] {
    var y = y
    return Rect.sizes(lengths, of: height).map { height in
      defer { y += height }
      return Rect(x: x, y: y, width: width, height: height)
    }
  }

  /// Sizes that add up to `total`; shares are rounded so that nothing is lost.
  private static func sizes(_ lengths: [Length], of total: Int) -> [Int] {
    var fixed = 0, shares = 0
    for length in lengths {
      switch length {
      case .fixed(let n): fixed += n
      case .share(let n): shares += n
      }
    }
    let free = max(0, total - fixed)
    var before = 0, used = 0
    return lengths.map { length in
      let wanted: Int
      switch length {
      case .fixed(let n): wanted = n
      case .share(let n):
        let end = free * (before + n) / max(1, shares)
        wanted = end - free * before / max(1, shares)
        before += n
      }
      let size = min(wanted, max(0, total - used))
      used += size
      return size
    }
  }
}
