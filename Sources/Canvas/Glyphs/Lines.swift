/// Lines around and between panes.
public struct LineGlyphs: Sendable, Hashable {
  public let horizontal, vertical: Character
  public let topLeft, topRight, bottomLeft, bottomRight: Character

  init(_ glyphs: String) {
    let g = Array(glyphs)
    precondition(g.count == 6, "six line glyphs")
    (horizontal, vertical) = (g[0], g[1])
    (topLeft, topRight, bottomLeft, bottomRight) = (g[2], g[3], g[4], g[5])
  }

  static let single = LineGlyphs("─│┌┐└┘")
  static let rounded = LineGlyphs("─│╭╮╰╯")
  static let double = LineGlyphs("═║╔╗╚╝")
  static let ascii = LineGlyphs("-|++++")
  static let asciiDouble = LineGlyphs("=|####")
}

extension GlyphSet {
  /// The lines of a pane. The focused pane has another shape, not only another colour.
  public func lines(focused: Bool = false) -> LineGlyphs {
    switch border {
    case .ascii: focused ? .asciiDouble : .ascii
    case .single: focused ? .double : .single
    case .rounded: focused ? .double : .rounded
    }
  }

  /// A horizontal rule inside a pane.
  public var rule: Character { lines().horizontal }
}

extension Grid {
  /// A border just inside `rect`, with a title on the left and a note on the right of the top line.
  public mutating func border(
    _ rect: Rect, title: String = "", note: String = "", focused: Bool = false,
    glyphs: GlyphSet = .unicode
  ) {
    guard rect.width > 1, rect.height > 1 else { return }
    let lines = glyphs.lines(focused: focused)
    let ink = Ink.role(focused ? .borderFocus : .border)
    for x in rect.x..<rect.right {
      put(lines.horizontal, x: x, y: rect.y, ink: ink)
      put(lines.horizontal, x: x, y: rect.bottom - 1, ink: ink)
    }
    for y in rect.y..<rect.bottom {
      put(lines.vertical, x: rect.x, y: y, ink: ink)
      put(lines.vertical, x: rect.right - 1, y: y, ink: ink)
    }
    put(lines.topLeft, x: rect.x, y: rect.y, ink: ink)
    put(lines.topRight, x: rect.right - 1, y: rect.y, ink: ink)
    put(lines.bottomLeft, x: rect.x, y: rect.bottom - 1, ink: ink)
    put(lines.bottomRight, x: rect.right - 1, y: rect.bottom - 1, ink: ink)
    captions(rect, title, note, glyphs)
  }

  private mutating func captions(_ rect: Rect, _ title: String, _ note: String, _ g: GlyphSet) {
    let room = rect.width - 4
    guard room > 0 else { return }
    var left = 0
    if !title.isEmpty {
      left = text(
        " \(title) ", x: rect.x + 2, y: rect.y, ink: .role(.title), maxWidth: room,
        ellipsis: g.ellipsis)
    }
    let wanted = note.columns + 2
    if !note.isEmpty, wanted + left + 1 <= room {
      text(" \(note) ", x: rect.right - 2 - wanted, y: rect.y, ink: .role(.muted))
    }
  }
}
