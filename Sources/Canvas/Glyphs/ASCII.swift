/// Glyphs for terminals, fonts and readers that know ASCII only.
enum ASCII {
  /// missing, positive, negative, masked, teacher, human
  static let labels: [Character] = [".", "P", "n", "x", "t", "h"]
  static let markers: [Character] = ["o", "^", "#", "d", "O", "v"]
  static let shades: [Character] = [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"]
}
