/// Key hints on the last row; the ones that do not fit are left out, from the right.
public struct Footer: Widget, Sendable, Hashable {
  public struct Hint: Sendable, Hashable {
    public var key, label: String

    public init(_ key: String, _ label: String) {
      self.key = key
      self.label = label
    }
  }

  public var hints: [Hint]
  /// Always shown when there is any room, such as `? help`.
  public var last: Hint?
  public var glyphs: GlyphSet

  public init(_ hints: [Hint], last: Hint? = nil, glyphs: GlyphSet) {
    self.hints = hints
    self.last = last
    self.glyphs = glyphs
  }

  public func draw(in rect: Rect, on grid: inout Grid) {
    guard !rect.isEmpty else { return }
    let end = rect.right - (last.map { width($0) + 2 } ?? 0)
    grid.clipped(to: rect) { grid in
      var x = rect.x + 1
      for hint in hints {
        guard x + width(hint) <= end else { break }
        x += put(hint, at: x, rect.y, on: &grid) + 2
      }
      if let last { put(last, at: x, rect.y, on: &grid) }
    }
  }

  private func width(_ hint: Hint) -> Int { hint.key.columns + 1 + hint.label.columns }

  @discardableResult
  private func put(_ hint: Hint, at x: Int, _ y: Int, on grid: inout Grid) -> Int {
    grid.text(
      [StyledText(hint.key, ink: .role(.title)), StyledText(" \(hint.label)", ink: .role(.muted))],
      x: x, y: y)
  }
}
