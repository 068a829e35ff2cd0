/// Untrusted text (class names, file names, quoted values) made safe for a terminal: characters
/// that control the terminal or the writing direction are escaped.
extension String {
  /// On one line. A control character becomes `^[`; others are escaped by number: `<U+202E>`.
  public var visible: String {
    guard unicodeScalars.contains(where: \.steers) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.steers { text += scalar.spelled } else { text.unicodeScalars.append(scalar) }
    }
  }

  /// The same line by line.
  public var visibleLines: String {
    split(separator: "\n" as Unicode.Scalar, in: unicodeScalars).map(\.visible)
      .joined(separator: "\n")
  }

  /// JSON with such characters escaped. Apart from line ends between values they occur only in
  /// strings, so the meaning does not change.
  public var jsonWithVisibleText: String {
    guard unicodeScalars.contains(where: \.mustBeEscapedInJSON) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.mustBeEscapedInJSON {
        text += "\\u" + scalar.hexadecimal
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }

  private func split(
    separator: Unicode.Scalar, in scalars: UnicodeScalarView
  ) -> [String] {
    scalars.split(separator: separator, omittingEmptySubsequences: false).map { String($0) }
  }
}

extension Unicode.Scalar {
  /// C0, DEL, C1, the separators of lines and paragraphs, and controls of the writing direction.
  fileprivate var steers: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// JSON itself forbids C0 within strings and allows line ends and tabs between values.
  fileprivate var mustBeEscapedInJSON: Bool { steers && value >= 0x20 }

  fileprivate var spelled: String {
    switch value {
    case 0..<0x20: "^" + String(Unicode.Scalar(UInt8(value + 0x40)))
    case 0x7F: "^?"
    default: "<U+\(hexadecimal)>"
    }
  }

  fileprivate var hexadecimal: String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
