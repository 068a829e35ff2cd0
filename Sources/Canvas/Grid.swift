/// A frame of character cells. Writes outside are clipped, so a widget may draw at any size.
public struct Grid: Sendable, Hashable {
  public let width, height: Int
  public private(set) var cells: [Cell]
  /// Writes outside this rectangle are dropped. It is the whole grid, except inside `clipped(to:)`.
  private var clip: Rect

  public init(width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
    cells = Array(repeating: Cell(), count: self.width * self.height)
    clip = Rect(x: 0, y: 0, width: self.width, height: self.height)
  }

  public var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

  /// Overwriting one half of a wide character blanks the other half.
  public subscript(x: Int, y: Int) -> Cell {
    get { x >= 0 && y >= 0 && x < width && y < height ? cells[y * width + x] : Cell() }
    set {
      guard clip.contains(x: x, y: y) else { return }
      let i = y * width + x
      if cells[i].width == 2, x + 1 < width { blank(i + 1) }
      if cells[i].width == 0, x > 0 { blank(i - 1) }
      cells[i] = newValue
    }
  }

  /// Whether a write to this cell is not clipped.
  func isWritable(x: Int, y: Int) -> Bool { clip.contains(x: x, y: y) }

  /// Runs `body` with writes outside `rect` dropped; clips nest.
  public mutating func clipped(to rect: Rect, _ body: (inout Grid) -> Void) {
    let outer = clip
    clip = clip.intersection(rect)
    body(&self)
    clip = outer
  }

  /// Draws a widget, which cannot write outside `rect`.
  public mutating func draw(_ widget: some Widget, in rect: Rect) {
    guard !rect.isEmpty else { return }
    clipped(to: rect) { widget.draw(in: rect, on: &$0) }
  }

  /// Changes the style of cells and keeps their glyphs, as for a selected row.
  public mutating func restyle(_ rect: Rect, ink: Ink? = nil, paper: Ink? = nil) {
    let area = rect.intersection(clip)
    for y in area.y..<area.bottom {
      for x in area.x..<area.right {
        if let ink { cells[y * width + x].ink = ink }
        if let paper { cells[y * width + x].paper = paper }
      }
    }
  }

  private mutating func blank(_ i: Int) {
    cells[i].glyph = " "
    cells[i].width = 1
  }
}
