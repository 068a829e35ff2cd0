/// The border of a pane. The focused pane has a double border, so that focus does not depend on
/// colour.
public struct Frame: Widget, Sendable, Hashable {
  public var title: String
  /// Short text on the right of the title line.
  public var note: String
  public var focused: Bool
  public var glyphs: GlyphSet

  public init(_ title: String = "", note: String = "", focused: Bool = false, glyphs: GlyphSet) {
    self.title = title
    self.note = note
    self.focused = focused
    self.glyphs = glyphs
  }

  /// The rectangle for the content.
  public static func inside(_ rect: Rect) -> Rect { rect.inset() }

  public func draw(in rect: Rect, on grid: inout Grid) {
    grid.clipped(to: rect) {
      $0.border(rect, title: title, note: note, focused: focused, glyphs: glyphs)
    }
  }
}
