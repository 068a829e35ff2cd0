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

/// A border held by the mouse: the right or the lower one of a pane.
struct Grip: Sendable, Equatable {
  var pane: Pane
  var isRight: Bool
  /// Where it was taken hold of, in cells.
  var x, y: Int
}
