/// A frame of character cells. Writes outside are clipped, so a widget may draw at any size.
public struct Grid: Sendable, Hashable {
  public let width, height: Int
  /// The characters that the terminal can show, for the widgets drawn here.
  public let glyphs: GlyphSet
  public private(set) var cells: [Cell]
  /// What a terminal with pixels draws in place of blank cells.
  public private(set) var pictures: [GridPicture] = []
  /// Writes outside this rectangle are dropped. It is the whole grid, except inside `clipped(to:)`.
  private var clip: Rect

  public init(width: Int, height: Int, glyphs: GlyphSet = .unicode) {
    self.width = max(0, width)
    self.height = max(0, height)
    self.glyphs = glyphs
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

  /// Blanks the cells of a picture that lies wholly inside, and keeps it. False if it does not.
  mutating func place(_ picture: GridPicture) -> Bool {
    guard !picture.rect.isEmpty, clip.intersection(picture.rect) == picture.rect else {
      return false
    }
    fill(picture.rect)
    pictures.append(picture)
    return true
  }

  /// Draws a widget, which cannot write outside `rect`.
  public mutating func draw(_ widget: some Widget, in rect: Rect) {
    guard !rect.isEmpty else { return }
    clipped(to: rect) { widget.draw(in: rect, on: &$0) }
  }

  /// Lays the paper of a selected row under what is drawn; faint text becomes muted, so that it
  /// stays readable. Where a selection has no colour of its own, a pointer marks the row.
  public mutating func select(_ rect: Rect, pointer: Bool = true) {
    let area = rect.intersection(clip)
    if pointer, !glyphs.hasPapers { put(glyphs.pointer, x: rect.x, y: rect.y) }
    restyle(rect, paper: .role(.selection))
    for y in area.y..<area.bottom {
      for x in area.x..<area.right where cells[y * width + x].ink == .role(.faint) {
        cells[y * width + x].ink = .role(.muted)
      }
    }
  }

  /// A selected row steps back where the keys go elsewhere.
  public mutating func restSelection(in rect: Rect) {
    guard glyphs.hasPapers else { return }
    let area = rect.intersection(clip)
    for y in area.y..<area.bottom {
      for x in area.x..<area.right where cells[y * width + x].paper == .role(.selection) {
        cells[y * width + x].paper = .role(.selectionIdle)
      }
    }
  }

  /// Puts a paper under the cells that have none.
  public mutating func lay(_ paper: Ink, under rect: Rect) {
    let area = rect.intersection(clip)
    for y in area.y..<area.bottom {
      for x in area.x..<area.right where cells[y * width + x].paper == .plain {
        cells[y * width + x].paper = paper
      }
    }
  }

  /// Takes what is drawn back behind what will lie over it: mixed into the page, or faint where the
  /// terminal does not blend. Nothing without colours for it.
  public mutating func fade() {
    guard glyphs.hasPapers else { return }
    for i in cells.indices {
      if glyphs.blends {
        cells[i].ink = cells[i].ink.mixed(with: .role(.page), 0.62)
        if cells[i].paper != .plain {
          cells[i].paper = cells[i].paper.mixed(with: .role(.page), 0.62)
        }
      } else if case .role = cells[i].paper {
        (cells[i].ink, cells[i].paper) = (.role(.faint), .plain)
      } else {
        cells[i].ink = cells[i].ink == .role(.track) ? cells[i].ink : .role(.faint)
      }
    }
  }

  /// Changes the style of cells and keeps their glyphs.
  public mutating func restyle(_ rect: Rect, ink: Ink? = nil, paper: Ink? = nil) {
    let area = rect.intersection(clip)
    for y in area.y..<area.bottom {
      for x in area.x..<area.right {
        if let ink { cells[y * width + x].ink = ink }
        if let paper { cells[y * width + x].paper = paper }
      }
    }
  }

  /// Replaces everything that is not ASCII, such as letters of a name, for ASCII terminals.
  public mutating func replaceNonASCII() {
    for y in 0..<height {
      for x in 0..<width where !self[x, y].glyph.isASCII {
        let cell = self[x, y]
        self[x, y] = Cell(cell.glyph.asciiStandIn, ink: cell.ink, paper: cell.paper)
        if cell.width == 2 { self[x + 1, y] = Cell(" ", ink: cell.ink, paper: cell.paper) }
      }
    }
  }

  private mutating func blank(_ i: Int) {
    cells[i].glyph = " "
    cells[i].width = 1
  }
}

/// A frame as plain text, for files and tests.
extension Grid {
  /// One line per row, without trailing spaces.
  public var lines: [String] { lines(in: bounds) }

  /// The same for a part of the grid.
  public func lines(in rect: Rect) -> [String] {
    let part = rect.intersection(bounds)
    return (part.y..<part.bottom).map { y in
      var line = ""
      for x in part.x..<part.right where self[x, y].width > 0 { line.append(self[x, y].glyph) }
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
  }
}

/// Text and fills, which all widgets use.
extension Grid {
  /// Writes a line at (x, y), truncated with an ellipsis at `maxWidth` columns. Control characters
  /// are dropped. Returns the number of columns used.
  @discardableResult
  public mutating func text(
    _ text: String, x: Int, y: Int, ink: Ink = .plain, paper: Ink = .plain,
    maxWidth: Int = .max
  ) -> Int {
    guard maxWidth > 0 else { return 0 }
    var column = x
    for cell in text.cells(fittedTo: maxWidth, ellipsis: glyphs.ellipsis) where cell.columns > 0 {
      write(cell, cell.columns, x: column, y: y, ink: ink, paper: paper)
      column += cell.columns
    }
    return column - x
  }

  /// A wide character whose other half would be clipped becomes a space.
  private mutating func write(
    _ character: Character, _ columns: Int, x: Int, y: Int, ink: Ink, paper: Ink
  ) {
    let isWhole = columns == 1 || isWritable(x: x, y: y) && isWritable(x: x + 1, y: y)
    let glyph = isWhole ? character : " "
    self[x, y] = Cell(glyph, ink: ink, paper: paper, width: isWhole ? UInt8(columns) : 1)
    if columns == 2 {
      self[x + 1, y] = Cell(" ", ink: ink, paper: paper, width: isWhole ? 0 : 1)
    }
  }

  /// Writes pieces of text in a row. Returns the number of columns used.
  @discardableResult
  public mutating func text(
    _ pieces: [StyledText], x: Int, y: Int, maxWidth: Int = .max
  ) -> Int {
    var used = 0
    for piece in pieces where used < maxWidth {
      used += text(
        piece.text, x: x + used, y: y, ink: piece.ink, paper: piece.paper,
        maxWidth: maxWidth - used)
    }
    return used
  }

  /// Fills `rect`.
  public mutating func fill(_ rect: Rect, with cell: Cell = Cell()) {
    let area = rect.intersection(bounds)
    for y in area.y..<area.bottom {
      for x in area.x..<area.right { self[x, y] = cell }
    }
  }

  /// Writes a glyph of width 1.
  public mutating func put(
    _ glyph: Character, x: Int, y: Int, ink: Ink = .plain, paper: Ink = .plain
  ) {
    self[x, y] = Cell(glyph, ink: ink, paper: paper)
  }
}

/// Text in one style.
public struct StyledText: Sendable, Hashable, ExpressibleByStringLiteral {
  public var text: String
  public var ink: Ink
  public var paper: Ink

  public init(_ text: String, ink: Ink = .plain, paper: Ink = .plain) {
    self.text = text
    self.ink = ink
    self.paper = paper
  }

  public init(_ text: String, _ role: Role) { self.init(text, ink: .role(role)) }

  public init(stringLiteral value: String) { self.init(value) }
}

/// The difference between two frames, so that only changed cells are sent to the terminal.
public struct CellRun: Sendable, Hashable {
  public let x, y: Int
  public let cells: [Cell]
}

extension Grid {
  /// The horizontal runs of cells that differ from `old`; all cells if the size differs.
  public func changes(from old: Grid?) -> [CellRun] {
    guard let old, old.width == width, old.height == height else {
      return (0..<height).map { y in
        CellRun(x: 0, y: y, cells: Array(cells[y * width..<(y + 1) * width]))
      }.filter { !$0.cells.isEmpty }
    }
    return (0..<height).flatMap { runs(in: $0, from: old) }
  }

  private func runs(in y: Int, from old: Grid) -> [CellRun] {
    var runs: [CellRun] = []
    var x = 0
    while x < width {
      let start = x
      while x < width, differs(x, y, from: old) { x += 1 }
      if x > start {
        runs.append(CellRun(x: start, y: y, cells: Array(cells[y * width + start..<y * width + x])))
      }
      x += 1
    }
    return runs
  }

  /// Both halves of a wide character count as changed if either is.
  private func differs(_ x: Int, _ y: Int, from old: Grid) -> Bool {
    let i = y * width + x
    if cells[i] != old.cells[i] { return true }
    if cells[i].width == 2, x + 1 < width { return cells[i + 1] != old.cells[i + 1] }
    if cells[i].width == 0, x > 0 { return cells[i - 1] != old.cells[i - 1] }
    return false
  }
}
