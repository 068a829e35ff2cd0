/// Bars of whole cells, shades and signs.
extension GlyphSet {
  /// A horizontal bar of `width` cells as text, rounded to cells. `fraction` of it is filled, the
  /// rest dotted. `Grid.bar` draws one with a track.
  public func bar(_ fraction: Double, width: Int) -> String {
    guard width > 0 else { return "" }
    let share = fraction.isFinite ? min(1, max(0, fraction)) : 0
    let filled = Int((share * Double(width)).rounded())
    return String(repeating: pick("■", "#"), count: filled)
      + String(repeating: String(dot), count: width - filled)
  }

  /// A vertical bar in one cell: level 0...8.
  public func column(_ level: Int) -> Character {
    let steps = pick(" ▁▂▃▄▅▆▇█", " ..::||##")
    return Array(steps)[min(8, max(0, level))]
  }

  /// Level 0...63 of a ramp as a shade, for terminals without enough colours.
  public func shade(_ level: UInt8) -> Character {
    let shades = pick(Shapes.shades, ASCII.shades)
    let top = ColorRamp.top
    let step = (Double(min(top, level)) / Double(top) * Double(shades.count - 1)).rounded()
    return shades[Int(step)]
  }

  /// Level 0...63 of a diverging ramp as a sign, for terminals without enough colours.
  public func signedShade(_ level: UInt8) -> Character {
    switch level {
    case ..<11: "="
    case ..<24: "-"
    case ..<40: " "
    case ..<53: "+"
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
  /// The lines of a pane. Where there is no colour, the focused pane has another shape.
  public func lines(focused: Bool = false) -> LineGlyphs {
    let isDouble = focused && !hasColor
    return switch border {
    case .ascii: focused ? .asciiDouble : .ascii
    case .single: isDouble ? .double : .single
    case .rounded: isDouble ? .double : .rounded
    }
  }

  /// A horizontal rule inside a pane.
  public var rule: Character { lines().horizontal }
}

extension Grid {
  /// The chosen tab on a paper, or between angles. If not all fit, the chosen one comes first.
  private func pieces(of tabs: Caption.Tabs, _ room: Int) -> [StyledText] {
    let indices = Array(tabs.names.indices)
    let needed = tabs.names.reduce(0) { $0 + $1.columns + 2 }
    let order =
      needed <= room ? indices : Array(indices.dropFirst(tabs.chosen)) + indices.prefix(tabs.chosen)
    let (open, close) = glyphs.hasPapers ? (" ", " ") : glyphs.pick(("‹", "›"), ("<", ">"))
    return order.map { i in
      guard i == tabs.chosen else { return StyledText(" \(tabs.names[i]) ", .muted) }
      return StyledText(
        "\(open)\(tabs.names[i])\(close)", ink: .role(.title),
        paper: glyphs.hasPapers ? .role(.selection) : .plain)
    }
  }
}

/// What stands in the upper border of a pane.
public struct Caption: Sendable, Hashable {
  public var title: String
  /// Views to choose from, the chosen one marked.
  public var tabs: Tabs?
  /// At the right.
  public var note: String

  public struct Tabs: Sendable, Hashable {
    public var names: [String]
    public var chosen: Int

    public init(_ names: [String], chosen: Int) {
      self.names = names
      self.chosen = chosen
    }
  }

  public init(_ title: String = "", tabs: Tabs? = nil, note: String = "") {
    self.title = title
    self.tabs = tabs
    self.note = note
  }
}

extension Grid {
  /// A border just inside `rect` with a caption in its upper line.
  /// The focused pane has a border and a title of another colour; a double border without colours.
  public mutating func border(
    _ rect: Rect, _ caption: Caption = Caption(), focused: Bool = false
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
    draw(caption, rect, ink: .role(focused && glyphs.hasPapers ? .accent : .title))
  }

  private mutating func draw(_ caption: Caption, _ rect: Rect, ink: Ink) {
    let room = rect.width - 4
    guard room > 0 else { return }
    var left = 0
    if !caption.title.isEmpty {
      left = text(" \(caption.title) ", x: rect.x + 2, y: rect.y, ink: ink, maxWidth: room)
    }
    if let tabs = caption.tabs {
      left += text(
        pieces(of: tabs, room - left), x: rect.x + 2 + left, y: rect.y, maxWidth: room - left)
    }
    let note = caption.note
    let wanted = note.columns + 2
    if !note.isEmpty, wanted + left + 1 <= room {
      text(" \(note) ", x: rect.right - 2 - wanted, y: rect.y, ink: .role(.muted))
    }
  }
}
