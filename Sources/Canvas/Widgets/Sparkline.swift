/// A curve of one row, with the newest value on the right.
public struct Sparkline: Widget, Sendable, Hashable {
  public var values: [Double]
  /// nil for the range of the finite values.
  public var range: ClosedRange<Double>?
  public var ink: Ink
  public var glyphs: GlyphSet

  public init(
    _ values: [Double], range: ClosedRange<Double>? = nil, ink: Ink = .role(.series0),
    glyphs: GlyphSet
  ) {
    self.values = values
    self.range = range
    self.ink = ink
    self.glyphs = glyphs
  }

  public func draw(in rect: Rect, on grid: inout Grid) {
    guard !rect.isEmpty else { return }
    let shown = values.suffix(rect.width)
    let finite = shown.filter(\.isFinite)
    guard let low = range?.lowerBound ?? finite.min(), let high = range?.upperBound ?? finite.max()
    else { return }
    grid.clipped(to: rect) { grid in
      for (i, value) in shown.enumerated() where value.isFinite {
        let share = high > low ? (value - low) / (high - low) : 0.5
        let level = 1 + Int((min(1, max(0, share)) * 7).rounded())
        grid.put(glyphs.column(level), x: rect.x + i, y: rect.y, ink: ink)
      }
    }
  }
}
