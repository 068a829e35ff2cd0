import Foundation

/// The tier of characters that a terminal can show. Widgets ask for meanings; the tier maps them to
/// characters.
public enum GlyphTier: String, Sendable, CaseIterable, Codable {
  /// Braille, half blocks, box drawing.
  case unicode
  /// Blocks and box drawing, no Braille.
  case block
  /// Printable ASCII only.
  case ascii
}

/// The number of colours that a terminal can show.
public enum ColorTier: String, Sendable, CaseIterable, Codable {
  case mono
  case sixteen = "16"
  case indexed = "256"
  case direct
}

/// The lines around panes.
public enum BorderStyle: String, Sendable, CaseIterable, Codable { case single, rounded, ascii }

/// The glyphs for a terminal and a theme.
public struct GlyphSet: Sendable, Hashable {
  public let tier: GlyphTier
  /// Whether the levels of a ramp can be distinguished by colour. If not, heat maps use shades.
  public let paintsRamps: Bool
  /// Whether the terminal blends colours: 24 bits.
  public let blends: Bool
  /// Whether it has any colour.
  public let hasColor: Bool
  /// Whether selections, the tracks of bars and the grids of plots have a colour of their own. If
  /// not, a pointer marks a row and dots fill a bar.
  public let hasPapers: Bool
  public let border: BorderStyle
  /// How pictures are drawn in pixels; nil for half blocks.
  public var images: ImageProtocol?
  /// One glyph for each `LabelMark`, in the order of its cases.
  private let labels: [Character]
  /// One mark for each series.
  private let markers: [Character]

  /// `labels` and `markers` come from a theme; nil for the defaults.
  public init(
    tier: GlyphTier, color: ColorTier = .indexed, hasPapers: Bool = false,
    border: BorderStyle = .single,
    labels: [Character]? = nil, markers: [Character]? = nil
  ) {
    self.tier = tier
    paintsRamps = (color == .indexed || color == .direct) && tier != .ascii
    blends = color == .direct && tier != .ascii
    hasColor = color != .mono
    self.hasPapers = hasPapers && tier != .ascii
    self.border = tier == .ascii ? .ascii : border
    self.labels = labels ?? (tier == .ascii ? ASCII.labels : Shapes.labels)
    self.markers = markers ?? (tier == .ascii ? ASCII.markers : Shapes.markers)
  }

  public static let unicode = GlyphSet(tier: .unicode)
  public static let block = GlyphSet(tier: .block)
  public static let ascii = GlyphSet(tier: .ascii, color: .mono)

  public var isASCII: Bool { tier == .ascii }

  /// `unicode` if the terminal can show it, otherwise `ascii`.
  public func pick<T>(_ unicode: T, _ ascii: T) -> T { isASCII ? ascii : unicode }

  public func label(_ mark: LabelMark) -> Character {
    let i = Int(mark.rawValue)
    return i < labels.count ? labels[i] : "?"
  }

  /// The mark of a series; they repeat after the last.
  public func marker(_ series: Int) -> Character {
    markers.isEmpty ? "*" : markers[abs(series) % markers.count]
  }

  public var ellipsis: Character { pick("…", "~") }
  public var running: Character { pick("►", ">") }
  public var paused: Character { pick("‖", "=") }
  public var stopped: Character { pick("■", "#") }
  public var failed: Character { pick("✗", "x") }
  public var idle: Character { pick("○", "o") }
  public var done: Character { pick("✓", "*") }
  public var pointer: Character { pick("►", ">") }
  /// Marks a row where a selection has no colour of its own.
  public var rowMark: Character { hasPapers ? " " : pointer }
  public var up: Character { pick("▲", "^") }
  public var down: Character { pick("▼", "v") }
  public var dot: Character { pick("·", ".") }
  public var arrow: Character { pick("→", ">") }
  public var times: Character { pick("×", "x") }
}

/// Glyphs for terminals, fonts and readers that know ASCII only.
enum ASCII {
  /// missing, positive, negative, masked, teacher, human
  static let labels: [Character] = [".", "P", "n", "x", "t", "h"]
  static let markers: [Character] = ["o", "^", "#", "d", "O", "v"]
  static let shades: [Character] = [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"]
}

/// Non-ASCII glyphs that all terminals draw one column wide.
enum Shapes {
  /// missing, positive, negative, masked, teacher, human
  static let labels: [Character] = ["·", "▓", "░", "x", "◆", "✓"]
  static let markers: [Character] = ["●", "▲", "■", "◆", "○", "△"]
  /// From empty to full, for ramps on terminals without enough colours.
  static let shades: [Character] = [" ", "░", "▒", "▓", "█"]
}

/// Replacement characters for ASCII terminals.
extension Character {
  /// This character if it is ASCII, otherwise a similar one, otherwise a question mark.
  public var asciiStandIn: Character {
    isASCII ? self : standIns[self] ?? letter ?? "?"
  }

  /// The base of an accented Latin letter.
  private var letter: Character? {
    let base = String(self).decomposedStringWithCanonicalMapping.unicodeScalars.first
    return base.flatMap { $0.isASCII ? Character($0) : nil }
  }
}

private let standIns: [Character: Character] = {
  let groups: [(Character, String)] = [
    ("~", "…"), (".", "·⋅•"), ("-", "─–—−╌┄┈╺╸"), ("=", "═‖"), ("|", "│║┊┤├┃▐"),
    ("+", "┌┐└┘╭╮╰╯╔╗╚╝┼┬┴"), (">", "►→▸›»"), ("<", "◄←◂‹«"), ("^", "▲↑△"), ("v", "▼↓"),
    ("*", "✓★●"), ("x", "✗×✕"), ("o", "○◦"), ("#", "■█▓▮▉▊▋"), (":", "▒▌▍"), ("'", "▀‘’′"),
    ("_", "▁▄▂"), ("t", "◆"), ("\"", "“”"), ("a", "α"), ("b", "β"), ("T", "θ"), ("u", "μ"),
    ("D", "Δ∆"), ("S", "Σ"), ("g", "∇"), ("~", "≈"), ("!", "≠"), ("<", "≤"), (">", "≥"), ("+", "±"),
    ("@", "↺"), ("s", "ß"), ("a", "æ"), ("o", "ø"),
  ]
  var result: [Character: Character] = [:]
  for (ascii, glyphs) in groups { for glyph in glyphs { result[glyph] = ascii } }
  return result
}()
