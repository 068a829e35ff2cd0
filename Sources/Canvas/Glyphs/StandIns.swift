import Foundation

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
    ("~", "…"), (".", "·⋅•"), ("-", "─–—−╌┄"), ("=", "═‖"), ("|", "│║┊┤├"),
    ("+", "┌┐└┘╭╮╰╯╔╗╚╝┼┬┴"), (">", "►→▸›»"), ("<", "◄←◂‹«"), ("^", "▲↑△"), ("v", "▼↓"),
    ("*", "✓★●"), ("x", "✗×✕"), ("o", "○◦"), ("#", "■█▓▮▉▊▋"), (":", "▒▌▍"), ("'", "▀‘’′"),
    ("_", "▁▄▂"), ("t", "◆"), ("\"", "“”"), ("a", "α"), ("b", "β"), ("T", "θ"), ("u", "μ"),
    ("D", "Δ∆"), ("S", "Σ"), ("V", "∇"), ("~", "≈"), ("!", "≠"), ("<", "≤"), (">", "≥"),
  ]
  var result: [Character: Character] = [:]
  for (ascii, glyphs) in groups { for glyph in glyphs { result[glyph] = ascii } }
  return result
}()
