/// Progress: a bar with text at its right.
public struct Gauge: Widget, Sendable, Hashable {
  /// 0…1; anything else is clamped.
  public var fraction: Double
  public var text: String
  public var ink: Ink
  public var glyphs: GlyphSet

  public init(_ fraction: Double, text: String = "", ink: Ink = .role(.good), glyphs: GlyphSet) {
    self.fraction = fraction
    self.text = text
    self.ink = ink
    self.glyphs = glyphs
  }

  public func draw(in rect: Rect, on grid: inout Grid) {
    guard !rect.isEmpty else { return }
    let label = text.isEmpty ? 0 : min(text.columns + 1, rect.width * 2 / 3)
    let width = rect.width - label
    grid.clipped(to: rect) {
      $0.text(glyphs.bar(fraction, width: width), x: rect.x, y: rect.y, ink: ink)
      $0.text(
        text, x: rect.x + width + 1, y: rect.y, maxWidth: label - 1, ellipsis: glyphs.ellipsis)
    }
  }
}
