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
  public var glyphs: GlyphSet

  public init(_ hints: [Hint], last: Hint? = nil, glyphs: GlyphSet) {
    self.hints = hints
    self.last = last
    self.glyphs = glyphs
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
      [StyledText(hint.key, ink: .role(.title)), StyledText(" \(hint.label)", ink: .role(.muted))],
      x: x, y: y)
  }
}
