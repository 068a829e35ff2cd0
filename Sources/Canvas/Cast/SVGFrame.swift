/// A frame as a picture (SVG 1.1): cells of 9 × 20 units. Blocks, lines and Braille are shapes, as
/// terminals with built-in box drawing show them; the rest is text in a monospaced font.
public struct SVGFrame: Sendable {
  static let cell = (width: 9, height: 20)

  private let palette: Palette
  private let ink, paper: RGB

  /// The theme's own text and page; without, those of its background.
  public init(_ theme: Theme, _ tier: ColorTier) {
    palette = Palette(theme, tier)
    let isLight = theme.meta.background == .light
    ink = theme.ui["fg"]?.rgb ?? (isLight ? RGB(32, 32, 32) : RGB(208, 208, 208))
    paper = theme.ui["bg"]?.rgb ?? (isLight ? RGB(255, 255, 255) : RGB(16, 16, 16))
  }

  public func text(of grid: Grid) -> String {
    let (width, height) = (grid.width * Self.cell.width, grid.height * Self.cell.height)
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
        + "viewBox=\"0 0 \(width) \(height)\" font-family=\"DejaVu Sans Mono, monospace\" "
        + "font-size=\"15\" xml:space=\"preserve\">",
      "<rect width=\"\(width)\" height=\"\(height)\" fill=\"\(paper.hex)\"/>",
    ]
    for y in 0..<grid.height { lines += papers(of: grid, y) + marks(of: grid, y) }
    return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private struct Look: Hashable {
    var ink, paper: RGB
    var isBold, isUnderlined: Bool
  }

  private func look(_ cell: Cell) -> Look {
    let style = palette.style(ink: cell.ink, paper: cell.paper)
    var look = Look(
      ink: color(style.foreground) ?? ink, paper: color(style.background) ?? paper,
      isBold: style.attributes.contains(.bold), isUnderlined: style.attributes.contains(.underline))
    if style.attributes.contains(.reverse) { swap(&look.ink, &look.paper) }
    return look
  }

  private func color(_ number: Int?) -> RGB? {
    number.map(palette.rgb)
  }

  /// One rectangle per run of cells with the same background.
  private func papers(of grid: Grid, _ y: Int) -> [String] {
    var lines: [String] = []
    var x = 0
    while x < grid.width {
      let (start, color) = (x, look(grid[x, y]).paper)
      while x < grid.width, look(grid[x, y]).paper == color { x += 1 }
      if color != paper {
        lines.append(Self.rect(Double(start), Double(y), Double(x - start), 1, color))
      }
    }
    return lines
  }

  /// Shapes cell by cell, and text in runs of one style.
  private func marks(of grid: Grid, _ y: Int) -> [String] {
    var lines: [String] = []
    var x = 0
    while x < grid.width {
      let cell = grid[x, y]
      guard cell.glyph != " ", cell.width > 0 else {
        x += 1
        continue
      }
      let look = look(cell)
      if let shapes = CellShape.shapes(of: cell.glyph) {
        lines += shapes.map { $0.svg(x, y, look.ink) }
        x += 1
        continue
      }
      let start = x
      while x < grid.width, grid[x, y].glyph != " ", CellShape.shapes(of: grid[x, y].glyph) == nil,
        self.look(grid[x, y]) == look
      { x += 1 }
      lines.append(text(grid, start..<x, y, look))
    }
    return lines
  }

  private func text(_ grid: Grid, _ columns: Range<Int>, _ y: Int, _ look: Look) -> String {
    let shown = columns.filter { grid[$0, y].width > 0 }
    let places = shown.map { String($0 * Self.cell.width) }.joined(separator: " ")
    let text = shown.map { Self.escaped(grid[$0, y].glyph) }.joined()
    let weight = look.isBold ? " font-weight=\"bold\"" : ""
    let line = look.isUnderlined ? " text-decoration=\"underline\"" : ""
    let base = y * Self.cell.height + 15
    return
      "<text x=\"\(places)\" y=\"\(base)\" fill=\"\(look.ink.hex)\"\(weight)\(line)>\(text)</text>"
  }

  private static func escaped(_ glyph: Character) -> String {
    switch glyph {
    case "&": "&amp;"
    case "<": "&lt;"
    case ">": "&gt;"
    default: String(glyph)
    }
  }

  /// In cells.
  static func rect(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ color: RGB)
    -> String
  {
    let (w, h) = (Double(cell.width), Double(cell.height))
    return "<rect x=\"\((x * w).fixed(2))\" y=\"\((y * h).fixed(2))\" "
      + "width=\"\((width * w).fixed(2))\" height=\"\((height * h).fixed(2))\" "
      + "fill=\"\(color.hex)\"/>"
  }
}

/// A part of a cell that is drawn as a shape, in shares of the cell.
enum CellShape: Hashable {
  case rect(x: Double, y: Double, width: Double, height: Double)
  /// A dot of Braille, by its center.
  case dot(x: Double, y: Double)
  /// A rounded corner: from the middle of a side to the middle of another.
  case corner(right: Bool, down: Bool)

  /// nil for a glyph that is text.
  static func shapes(of glyph: Character) -> [CellShape]? { all[glyph] }

  func svg(_ column: Int, _ row: Int, _ color: RGB) -> String {
    let (w, h) = (Double(SVGFrame.cell.width), Double(SVGFrame.cell.height))
    let (left, top) = (Double(column), Double(row))
    switch self {
    case .rect(let x, let y, let width, let height):
      return SVGFrame.rect(left + x, top + y, width, height, color)
    case .dot(let x, let y):
      return "<circle cx=\"\(((left + x) * w).fixed(2))\" cy=\"\(((top + y) * h).fixed(2))\" "
        + "r=\"1.2\" fill=\"\(color.hex)\"/>"
    case .corner(let right, let down):
      let (x, y) = ((left + 0.5) * w, (top + 0.5) * h)
      let (toX, toY) = (x + (right ? w / 2 : -w / 2), y + (down ? h / 2 : -h / 2))
      return "<path d=\"M\(x.fixed(2)) \(toY.fixed(2))Q\(x.fixed(2)) \(y.fixed(2)) "
        + "\(toX.fixed(2)) \(y.fixed(2))\" fill=\"none\" stroke=\"\(color.hex)\" "
        + "stroke-width=\"1.2\"/>"
    }
  }

  private static let thin = (x: 0.13, y: 0.06)

  private static let all: [Character: [CellShape]] = {
    var all: [Character: [CellShape]] = [:]
    for (i, glyph) in "▁▂▃▄▅▆▇█".enumerated() {
      let height = Double(i + 1) / 8
      all[glyph] = [.rect(x: 0, y: 1 - height, width: 1, height: height)]
    }
    for (i, glyph) in "▏▎▍▌▋▊▉".enumerated() {
      all[glyph] = [.rect(x: 0, y: 0, width: Double(i + 1) / 8, height: 1)]
    }
    all["▀"] = [.rect(x: 0, y: 0, width: 1, height: 0.5)]
    all["▐"] = [.rect(x: 0.5, y: 0, width: 0.5, height: 1)]
    for mask in UInt8.min...255 {
      all[Braille.glyph(mask)] = (0..<8).filter { mask & Braille.bit($0 % 2, $0 / 2) != 0 }.map {
        .dot(x: 0.25 + 0.5 * Double($0 % 2), y: 0.125 + 0.25 * Double($0 / 2))
      }
    }
    return all.merging(lines) { first, _ in first }
  }()

  /// Box drawing.
  private static let lines: [Character: [CellShape]] = {
    let left = rect(x: 0, y: 0.5 - thin.y / 2, width: 0.5, height: thin.y)
    let right = rect(x: 0.5, y: 0.5 - thin.y / 2, width: 0.5, height: thin.y)
    let up = rect(x: 0.5 - thin.x / 2, y: 0, width: thin.x, height: 0.5)
    let down = rect(x: 0.5 - thin.x / 2, y: 0.5, width: thin.x, height: 0.5)
    var all: [Character: [CellShape]] = [
      "─": [left, right], "│": [up, down], "┌": [right, down], "┐": [left, down],
      "└": [right, up], "┘": [left, up], "├": [up, down, right], "┤": [up, down, left],
      "╭": [.corner(right: true, down: true)], "╮": [.corner(right: false, down: true)],
      "╰": [.corner(right: true, down: false)], "╯": [.corner(right: false, down: false)],
      "┃": [.rect(x: 0.39, y: 0, width: 0.22, height: 1)],
    ]
    all["┈"] = (0..<4).map {
      .rect(x: 0.06 + 0.25 * Double($0), y: 0.5 - thin.y / 2, width: 0.13, height: thin.y)
    }
    all["┊"] = (0..<4).map {
      .rect(x: 0.5 - thin.x / 2, y: 0.05 + 0.25 * Double($0), width: thin.x, height: 0.15)
    }
    let bars = [0.34, 0.6].map { CellShape.rect(x: 0, y: $0, width: 1, height: thin.y) }
    all["═"] = bars
    return all
  }()
}
