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
