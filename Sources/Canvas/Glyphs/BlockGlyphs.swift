/// Bars with a resolution of an eighth of a cell, or of a whole cell in ASCII.
extension GlyphSet {
  /// A horizontal bar of `width` cells. `fraction` of it is filled, the rest dotted.
  public func bar(_ fraction: Double, width: Int) -> String {
    guard width > 0 else { return "" }
    let share = fraction.isFinite ? min(1, max(0, fraction)) : 0
    let cells = share * Double(width)
    let full = Int(cells)
    guard !isASCII else {
      let filled = Int(cells.rounded())
      return String(repeating: "#", count: filled)
        + String(repeating: ".", count: width - filled)
    }
    let eighth = Int((cells - Double(full)) * 8)
    var text = String(repeating: "█", count: full)
    if full < width {
      text.append(eighth == 0 ? dot : Array("▏▎▍▌▋▊▉")[eighth - 1])
      text += String(repeating: String(dot), count: width - full - 1)
    }
    return text
  }

  /// A vertical bar in one cell: level 0...8.
  func column(_ level: Int) -> Character {
    let steps = pick(" ▁▂▃▄▅▆▇█", " ..::||##")
    return Array(steps)[min(8, max(0, level))]
  }

  /// Level 0...15 of a ramp as a shade, for terminals without enough colours.
  public func shade(_ level: UInt8) -> Character {
    let shades = pick(Shapes.shades, ASCII.shades)
    let step = (Double(min(15, level)) / 15 * Double(shades.count - 1)).rounded()
    return shades[Int(step)]
  }

  /// Level 0...15 of a diverging ramp as a sign, for terminals without enough colours.
  public func signedShade(_ level: UInt8) -> Character {
    switch level {
    case ..<3: "="
    case ..<6: "-"
    case ..<10: " "
    case ..<13: "+"
    default: "#"
    }
  }
}

/// Two square pixels per cell: the upper half in the foreground, the lower half in the background
/// colour.
enum HalfBlock {
  static let upper: Character = "▀"
  static let lower: Character = "▄"

  static func glyph(upper: Bool, lower: Bool) -> Character {
    switch (upper, lower) {
    case (true, true): "█"
    case (true, false): Self.upper
    case (false, true): Self.lower
    case (false, false): " "
    }
  }
}

/// Braille patterns (U+2800…U+28FF): eight dots in a cell, two columns of four.
enum Braille {
  /// The bit of the dot in column 0…1, row 0…3 from the top.
  static func bit(_ column: Int, _ row: Int) -> UInt8 {
    switch (column, row) {
    case (0, 3): 0x40
    case (1, 3): 0x80
    case (0, _): 1 << UInt8(row)
    default: 8 << UInt8(row)
    }
  }

  static func glyph(_ mask: UInt8) -> Character { glyphs[Int(mask)] }

  private static let glyphs: [Character] = (0...255).map { mask in
    Unicode.Scalar(0x2800 + UInt32(mask)).map(Character.init) ?? " "
  }
}

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
  /// The focused pane has a double border, so that focus does not depend on colour.
  public mutating func border(
    _ rect: Rect, title: String = "", note: String = "", focused: Bool = false
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
    captions(rect, title, note)
  }

  private mutating func captions(_ rect: Rect, _ title: String, _ note: String) {
    let room = rect.width - 4
    guard room > 0 else { return }
    var left = 0
    if !title.isEmpty {
      left = text(" \(title) ", x: rect.x + 2, y: rect.y, ink: .role(.title), maxWidth: room)
    }
    let wanted = note.columns + 2
    if !note.isEmpty, wanted + left + 1 <= room {
      text(" \(note) ", x: rect.right - 2 - wanted, y: rect.y, ink: .role(.muted))
    }
  }
}
