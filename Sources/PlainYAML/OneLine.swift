// Text for an error: one line, whatever the file that it quotes holds.

public enum OneLine {
  private static let longest = 1000

  /// `text` with line breaks and control characters escaped as in Swift, and its middle left out
  /// where it is very long: an error ends with what was expected.
  public static func text(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > longest || scalars.contains(where: isBreaking) else { return text }
    let escaped = scalars.prefix(longest / 2).map(escaped).joined()
    guard scalars.count > longest else {
      return escaped + scalars.dropFirst(longest / 2).map(self.escaped).joined()
    }
    return escaped + " … " + scalars.suffix(longest / 2).map(self.escaped).joined()
  }

  private static func isBreaking(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case _ where isBreaking(scalar): "\\u{" + String(scalar.value, radix: 16) + "}"
    default: String(scalar)
    }
  }
}
