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
