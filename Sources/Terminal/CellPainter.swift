import CNcurses
import Canvas
import Glibc

/// Converts cells to ncurses characters and caches colour pairs.
struct CellPainter {
  private struct Colors: Hashable { let foreground, background: Int? }

  private let colors: Int
  private let isASCII: Bool
  private var palette: Palette?
  private var pairs: [Colors: Int32] = [:]

  init(colors: Int, isASCII: Bool) {
    self.colors = colors
    self.isASCII = isASCII
  }

  /// True if the palette changed, so that everything must be redrawn.
  mutating func adopt(_ palette: Palette) -> Bool {
    guard palette != self.palette else { return false }
    self.palette = palette
    return true
  }

  /// Spectrograms of 64 levels in half blocks take up to 4096 pairs, fills under curves some more.
  /// Far from the 65536 of ncurses, so that a frame never runs out of them.
  private static let mostPairs = 20_000

  /// Whether `forgetPairs` is due before the next frame, and with it a full redraw.
  var isFull: Bool { pairs.count > Self.mostPairs }

  mutating func forgetPairs() {
    guard !pairs.isEmpty else { return }
    reset_color_pairs()
    pairs = [:]
  }

  mutating func paint(_ run: CellRun, width: Int) {
    var cells: [cchar_t] = []
    cells.reserveCapacity(run.cells.count)
    for (i, cell) in run.cells.enumerated() where run.x + i < width {
      if cell.width == 0 { continue }
      let fits = run.x + i + Int(cell.width) <= width
      append(cell, text: fits ? text(of: cell) : " ", to: &cells)
    }
    mvwadd_wchnstr(scant_screen(), Int32(run.y), Int32(run.x), cells, Int32(cells.count))
  }

  /// One element per cell; two for a wide glyph that is replaced by narrow characters.
  private mutating func append(_ cell: Cell, text: String, to cells: inout [cchar_t]) {
    let style = palette?.style(ink: cell.ink, paper: cell.paper) ?? Style()
    let attributes = attributes(style.attributes)
    let pair = pair(style)
    let scalars = text.unicodeScalars
    guard scalars.count > 1, text.count == 1 else {
      for scalar in scalars { cells.append(scant_cell(scalar.value, attributes, pair)) }
      return
    }
    var cluster = cchar_t()
    scant_set(&cluster, scalars.map { wchar_t(bitPattern: $0.value) } + [0], attributes, pair)
    cells.append(cluster)
  }

  /// The glyph, or a replacement if the terminal or the C library would disagree on its width.
  private func text(of cell: Cell) -> String {
    guard let first = cell.glyph.unicodeScalars.first else { return " " }
    if first.isASCII { return first.value < 0x20 || first.value == 0x7F ? " " : String(cell.glyph) }
    let width = Int(cell.width)
    if isASCII { return String(cell.glyph.asciiStandIn).padded(to: width) }
    let known = Int(scant_width(first.value))
    return known == width ? String(cell.glyph) : "?".padded(to: width)
  }

  private func attributes(_ wanted: Style.Attributes) -> attr_t {
    var result: attr_t = 0
    if wanted.contains(.reverse) { result |= scant_reverse() }
    if wanted.contains(.bold) { result |= scant_bold() }
    if wanted.contains(.underline) { result |= scant_underline() }
    if wanted.contains(.dim) { result |= scant_dim() }
    return result
  }

  private mutating func pair(_ style: Style) -> Int32 {
    guard style.foreground != nil || style.background != nil, colors > 0 else { return 0 }
    let key = Colors(foreground: style.foreground, background: style.background)
    if let pair = pairs[key] { return pair }
    let made = alloc_pair(index(style.foreground), index(style.background))
    let pair = max(0, made)  // no pairs left: the terminal's default colours
    pairs[key] = pair
    return pair
  }

  /// Terminals with eight colours have no bright ones. Bright black becomes white, so that it stays
  /// visible.
  private func index(_ color: Int?) -> Int32 {
    guard let color else { return -1 }
    if color < colors { return Int32(color) }
    return color == 8 ? 7 : Int32(color % 8)
  }
}
