/// From text to what the cells of a line hold. What must not be shown is taken out and letters are
/// composed before anything is counted, because taking out a scalar can join its neighbours.
import Foundation

extension String {
  /// One element a cell, or two cells where it is wide: a base with up to four marks that take no
  /// column. Line ends and tabs are spaces; other control characters are gone.
  public var cells: [Character] {
    isSimple ? Array(self) : composed.flatMap(\.cells)
  }

  /// Columns a terminal needs for this text on one line; control characters count nothing.
  public var columns: Int {
    if isSimple { return unicodeScalars.reduce(0) { $0 + $1.columns } }
    return composed.reduce(0) { sum, character in
      character.isBlank ? sum : sum + character.cells.columns
    }
  }

  /// The text without control characters, with tabs and line ends as spaces, letters composed, and
  /// emoji sequences reduced to what one cell can hold.
  public var printable: String { isSimple ? self : String(cells) }

  /// As in most of a picture: nothing has to be looked up.
  private var isSimple: Bool { unicodeScalars.allSatisfy(\.isSimple) }

  /// Without the scalars that are never shown, in Unicode's form C.
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
  /// Of these cells.
  var columns: Int { reduce(0) { $0 + $1.columns } }
}

extension Character {
  /// Shown as a space.
  fileprivate var isBlank: Bool { isNewline || self == "\t" }

  /// What is drawn of this cluster. Scalars with a column of their own take a cell of their own
  /// (vowel signs, the consonants of a conjunct), except in emoji sequences, about whose width
  /// terminals disagree: there the first one stands for all.
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
  /// Control characters that are no line end or tab, and invisible ones. The joiner is needed until
  /// emoji sequences are reduced.
  fileprivate var isNeverShown: Bool {
    if isPlain || value == 0x200D { return false }
    switch properties.generalCategory {
    case .control: return !Character(self).isNewline && self != "\t"
    case .format, .surrogate: return true
    default: return false
    }
  }

  /// Half a flag.
  fileprivate var isRegionalIndicator: Bool { (0x1F1E6...0x1F1FF).contains(value) }

  /// An emoji, a skin colour, or half a flag: behind another one it is part of that.
  fileprivate var isPicture: Bool { properties.isEmoji && !isASCII }

  /// Drawn over or under the scalar before it, in the same cell. Terminals disagree about enclosing
  /// marks and selectors, which are left out.
  fileprivate var isMark: Bool {
    joinsHangul
      || properties.generalCategory == .nonspacingMark && !properties.isVariationSelector
  }

  /// What carries a mark that stands alone: Hangul fillers (a final consonant joins a vowel alone),
  /// or a dotted circle.
  fileprivate var carrier: [Unicode.Scalar] {
    switch value {
    case 0x11A8...0x11FF, 0xD7CB...0xD7FB: ["\u{115F}", "\u{1160}"]
    default: joinsHangul ? ["\u{115F}"] : ["\u{25CC}"]
    }
  }
}
