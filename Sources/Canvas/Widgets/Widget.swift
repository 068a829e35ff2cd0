/// A drawing that writes only inside its rectangle.
public protocol Widget {
  func draw(in rect: Rect, on grid: inout Grid)
}

/// A rectangle of character cells; never negative in size.
public struct Rect: Sendable, Hashable {
  public var x, y, width, height: Int

  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  public var isEmpty: Bool { width == 0 || height == 0 }
  public var right: Int { x + width }
  public var bottom: Int { y + height }

  public func inset(by n: Int = 1) -> Rect {
    Rect(x: x + n, y: y + n, width: width - 2 * n, height: height - 2 * n)
  }

  public func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x), top = max(y, other.y)
    return Rect(
      x: left, y: top, width: min(right, other.right) - left,
      height: min(bottom, other.bottom) - top)
  }

  public func contains(x px: Int, y py: Int) -> Bool {
    px >= x && px < right && py >= y && py < bottom
  }
}

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

/// Key hints in the last row. Hints that do not fit are dropped, from the right.
public struct Footer: Widget, Sendable, Hashable {
  public struct Hint: Sendable, Hashable {
    public var key, label: String

    public init(_ key: String, _ label: String) {
      self.key = key
      self.label = label
    }
  }

  public var hints: [Hint]
  /// Shown whenever there is room for it, such as `? help`.
  public var last: Hint?

  public init(_ hints: [Hint], last: Hint? = nil) {
    self.hints = hints
    self.last = last
  }

  public func draw(in rect: Rect, on grid: inout Grid) {
    grid.clipped(to: rect) { grid in
      for (hint, columns) in places(in: rect) {
        put(hint, at: columns.lowerBound, rect.y, on: &grid)
      }
    }
  }

  /// The hints that fit and their columns, left to right: the first ones of `hints`, then `last`,
  /// if any.
  public func places(in rect: Rect) -> [(hint: Hint, columns: Range<Int>)] {
    guard !rect.isEmpty else { return [] }
    let end = rect.right - (last.map { width($0) + 2 } ?? 0)
    var x = rect.x + 1
    var places: [(hint: Hint, columns: Range<Int>)] = []
    for hint in hints {
      guard x + width(hint) <= end else { break }
      places.append((hint, x..<x + width(hint)))
      x += width(hint) + 2
    }
    if let last { places.append((last, x..<x + width(last))) }
    return places
  }

  private func width(_ hint: Hint) -> Int { hint.key.columns + 1 + hint.label.columns }

  private func put(_ hint: Hint, at x: Int, _ y: Int, on grid: inout Grid) {
    grid.text(
      [
        StyledText(hint.key, grid.glyphs.hasPapers ? .accent : .title),
        StyledText(" \(hint.label)", .muted),
      ],
      x: x, y: y)
  }
}
