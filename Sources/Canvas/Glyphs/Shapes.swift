/// Non-ASCII glyphs that all terminals draw one column wide.
enum Shapes {
  /// missing, positive, negative, masked, teacher, human
  static let labels: [Character] = ["·", "▓", "░", "x", "◆", "✓"]
  static let markers: [Character] = ["●", "▲", "■", "◆", "○", "△"]
  /// From empty to full, for ramps on terminals without enough colours.
  static let shades: [Character] = [" ", "░", "▒", "▓", "█"]
}
