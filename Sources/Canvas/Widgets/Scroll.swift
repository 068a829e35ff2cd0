/// The scroll position of a list: its first visible row.
public struct Scroll: Sendable, Hashable {
  public var first: Int

  public init(first: Int = 0) { self.first = first }

  /// Scrolls as little as possible so that `selection` is among the `visible` rows out of `count`.
  public func showing(_ selection: Int?, of count: Int, in visible: Int) -> Scroll {
    guard visible > 0 else { return Scroll() }
    var first = min(max(0, self.first), max(0, count - visible))
    if let selection, count > 0 {
      let row = min(count - 1, max(0, selection))
      if row < first { first = row }
      if row >= first + visible { first = row - visible + 1 }
    }
    return Scroll(first: first)
  }
}
