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

/// The border of a pane. The focused pane has a double border, so that focus does not depend on
/// colour.
public struct Border: Widget, Sendable, Hashable {
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

/// Wrapped text, from line `first` on.
public struct TextBlock: Widget, Sendable, Hashable {
  public var paragraphs: [StyledText]
  public var first: Int
  public var glyphs: GlyphSet

  public init(_ paragraphs: [StyledText], first: Int = 0, glyphs: GlyphSet) {
    self.paragraphs = paragraphs
    self.first = first
    self.glyphs = glyphs
  }

  public init(_ text: String, ink: Ink = .plain, first: Int = 0, glyphs: GlyphSet) {
    self.init([StyledText(text, ink: ink)], first: first, glyphs: glyphs)
  }

  /// The number of lines at a given width, for scrolling.
  public func lines(width: Int) -> [StyledText] {
    paragraphs.flatMap { paragraph in
      paragraph.text.wrapped(to: width).map {
        StyledText($0, ink: paragraph.ink, paper: paragraph.paper)
      }
    }
  }

  public func draw(in rect: Rect, on grid: inout Grid) {
    guard !rect.isEmpty else { return }
    let lines = lines(width: rect.width)
    let shown = lines.dropFirst(max(0, first)).prefix(rect.height)
    grid.clipped(to: rect) { grid in
      for (row, line) in shown.enumerated() {
        grid.text([line], x: rect.x, y: rect.y + row, maxWidth: rect.width)
      }
    }
  }
}
