/// The number of columns of a character: the only width function of layout, widgets and tests.
extension Unicode.Scalar {
  /// 0 for combining and invisible scalars, 2 for wide East Asian scalars and emoji, otherwise 1.
  public var columns: Int {
    if isPlain { return 1 }
    if value < 0x300 { return 0 }
    if isInvisible { return 0 }
    return isWide ? 2 : 1
  }

  /// Latin letters, borders, bars and Braille dots, which are never wide and never combine with
  /// each other.
  var isPlain: Bool {
    switch value {
    case 0x20..<0x7F, 0xA0..<0x300, 0x2500...0x259F, 0x2800...0x28FF: true
    default: false
    }
  }

  /// ASCII, or a range without marks, joiners and control characters: in text of such scalars each
  /// one is a character.
  var isSimple: Bool {
    switch value {
    case 0x370..<0x483, 0x2010...0x2027, 0x2030...0x205E, 0x2190...0x22FF, 0x25A0...0x27BF,
      0x3041...0x3096, 0x30A1...0x30FA, 0x4E00...0x9FFF, 0xAC00...0xD7A3:
      true
    default: isPlain
    }
  }

  /// A vowel or a final consonant, which joins the Hangul letter before it.
  var joinsHangul: Bool {
    switch value {
    case 0x1160...0x11FF, 0xD7B0...0xD7C6, 0xD7CB...0xD7FB: true
    default: false
    }
  }

  /// A scalar without a column: combining marks, joiners, vowels of a Hangul syllable.
  private var isInvisible: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .surrogate: true
    default: joinsHangul
    }
  }

  /// Binary search among the range ends.
  private var isWide: Bool {
    var low = 0, high = wideRanges.count / 2
    while low < high {
      let middle = (low + high) / 2
      if wideRanges[2 * middle + 1] < value { low = middle + 1 } else { high = middle }
    }
    return low < wideRanges.count / 2 && wideRanges[2 * low] <= value
  }
}

extension Character {
  /// The columns of a cell: those of the first scalar, since the others are marks.
  public var columns: Int { unicodeScalars.first?.columns ?? 0 }
}
