/// Text as cells of a line. Invisible scalars are removed and letters are composed before columns
/// are counted, since removing a scalar can join its neighbours.
import Foundation

extension String {
  /// One element per cell, or two for a wide character: a base with up to four marks. Line ends and
  /// tabs become spaces; other control characters are removed.
  public var cells: [Character] {
    isSimple ? Array(self) : composed.flatMap(\.cells)
  }

  /// The columns of this text on one line; control characters count 0.
  public var columns: Int {
    if isSimple { return unicodeScalars.reduce(0) { $0 + $1.columns } }
    return composed.reduce(0) { sum, character in
      character.isBlank ? sum : sum + character.cells.columns
    }
  }

  /// The text without control characters, with tabs and line ends as spaces, letters composed, and
  /// emoji sequences reduced to one cell.
  public var printable: String { isSimple ? self : String(cells) }

  /// A fast path for plain text, which needs no lookup.
  private var isSimple: Bool { unicodeScalars.allSatisfy(\.isSimple) }

  /// Without invisible scalars, in Unicode's form C.
  private var composed: String {
    let kept =
      unicodeScalars.contains(where: \.isNeverShown)
      ? String(UnicodeScalarView(unicodeScalars.filter { !$0.isNeverShown })) : self
    let canCompose = kept.unicodeScalars.contains {
      $0.properties.canonicalCombiningClass != .notReordered || $0.joinsHangul
        || $0.properties.generalCategory == .spacingMark
    }
    return canCompose ? kept.precomposedStringWithCanonicalMapping : kept
  }
}

extension [Character] {
  /// The columns of these cells.
  var columns: Int { reduce(0) { $0 + $1.columns } }
}

extension Character {
  /// Shown as a space.
  fileprivate var isBlank: Bool { isNewline || self == "\t" }

  /// The drawn part of this cluster. Scalars with a column of their own get their own cell (vowel
  /// signs, the consonants of a conjunct), except in emoji sequences, on whose width terminals
  /// disagree: there the first scalar stands for all.
  fileprivate var cells: [Character] {
    if isBlank { return [" "] }
    let isEmoji = unicodeScalars.first?.isPicture ?? false
    var cells: [String.UnicodeScalarView] = []
    for scalar in unicodeScalars {
      if scalar.isMark {
        if cells.isEmpty { cells.append(String.UnicodeScalarView(scalar.carrier)) }
        if cells[cells.count - 1].count < 5 { cells[cells.count - 1].append(scalar) }
      } else if scalar.columns > 0, cells.isEmpty || !(isEmoji && scalar.isPicture) {
        cells.append(String.UnicodeScalarView([scalar.isRegionalIndicator ? "?" : scalar]))
      }
    }
    return cells.map { Character(String($0)) }
  }
}

extension Unicode.Scalar {
  /// Control characters other than line ends and tabs, and invisible ones. The joiner is kept until
  /// emoji sequences are reduced.
  fileprivate var isNeverShown: Bool {
    if isPlain || value == 0x200D { return false }
    switch properties.generalCategory {
    case .control: return !Character(self).isNewline && self != "\t"
    case .format, .surrogate: return true
    default: return false
    }
  }

  /// A regional indicator: half of a flag.
  fileprivate var isRegionalIndicator: Bool { (0x1F1E6...0x1F1FF).contains(value) }

  /// An emoji, a skin colour or half of a flag: after another emoji it belongs to that one.
  fileprivate var isPicture: Bool { properties.isEmoji && !isASCII }

  /// A mark drawn over or under the previous scalar in the same cell. Enclosing marks and selectors
  /// are removed, since terminals disagree on them.
  fileprivate var isMark: Bool {
    joinsHangul
      || properties.generalCategory == .nonspacingMark && !properties.isVariationSelector
  }

  /// The base for a mark that stands alone: Hangul fillers for a final consonant, otherwise a
  /// dotted circle.
  fileprivate var carrier: [Unicode.Scalar] {
    switch value {
    case 0x11A8...0x11FF, 0xD7CB...0xD7FB: ["\u{115F}", "\u{1160}"]
    default: joinsHangul ? ["\u{115F}"] : ["\u{25CC}"]
    }
  }
}

/// The characters that take two columns: East Asian Width W and F of Unicode 14 (the edition of
/// the C library this program runs on), first and last scalar of each range in turn.
let wideRanges: [UInt32] = [
  0x1100, 0x115F, 0x231A, 0x231B, 0x2329, 0x232A, 0x23E9, 0x23EC, 0x23F0, 0x23F0, 0x23F3, 0x23F3,
  0x25FD, 0x25FE, 0x2614, 0x2615, 0x2648, 0x2653, 0x267F, 0x267F, 0x2693, 0x2693, 0x26A1, 0x26A1,
  0x26AA, 0x26AB, 0x26BD, 0x26BE, 0x26C4, 0x26C5, 0x26CE, 0x26CE, 0x26D4, 0x26D4, 0x26EA, 0x26EA,
  0x26F2, 0x26F3, 0x26F5, 0x26F5, 0x26FA, 0x26FA, 0x26FD, 0x26FD, 0x2705, 0x2705, 0x270A, 0x270B,
  0x2728, 0x2728, 0x274C, 0x274C, 0x274E, 0x274E, 0x2753, 0x2755, 0x2757, 0x2757, 0x2795, 0x2797,
  0x27B0, 0x27B0, 0x27BF, 0x27BF, 0x2B1B, 0x2B1C, 0x2B50, 0x2B50, 0x2B55, 0x2B55, 0x2E80, 0x303E,
  0x3041, 0x3247, 0x3250, 0x4DBF, 0x4E00, 0xA4C6, 0xA960, 0xA97C, 0xAC00, 0xD7A3, 0xF900, 0xFAD9,
  0xFE10, 0xFE6B, 0xFF01, 0xFF60, 0xFFE0, 0xFFE6, 0x16FE0, 0x1B2FB, 0x1F004, 0x1F004,
  0x1F0CF, 0x1F0CF, 0x1F18E, 0x1F18E, 0x1F191, 0x1F19A, 0x1F200, 0x1F320, 0x1F32D, 0x1F335,
  0x1F337, 0x1F37C, 0x1F37E, 0x1F393, 0x1F3A0, 0x1F3CA, 0x1F3CF, 0x1F3D3, 0x1F3E0, 0x1F3F0,
  0x1F3F4, 0x1F3F4, 0x1F3F8, 0x1F43E, 0x1F440, 0x1F440, 0x1F442, 0x1F4FC, 0x1F4FF, 0x1F53D,
  0x1F54B, 0x1F54E, 0x1F550, 0x1F567, 0x1F57A, 0x1F57A, 0x1F595, 0x1F596, 0x1F5A4, 0x1F5A4,
  0x1F5FB, 0x1F64F, 0x1F680, 0x1F6C5, 0x1F6CC, 0x1F6CC, 0x1F6D0, 0x1F6D2, 0x1F6D5, 0x1F6DF,
  0x1F6EB, 0x1F6EC, 0x1F6F4, 0x1F6FC, 0x1F7E0, 0x1F7F0, 0x1F90C, 0x1F93A, 0x1F93C, 0x1F945,
  0x1F947, 0x1F9FF, 0x1FA70, 0x1FAF6, 0x20000, 0x3FFFD,
]

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
