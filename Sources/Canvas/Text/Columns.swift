/// How many columns a character takes: the one width function of layout, widgets and tests.
extension Unicode.Scalar {
  /// 0 for combining and invisible scalars, 2 for wide East Asian and emoji, else 1.
  public var columns: Int {
    if isPlain { return 1 }
    if value < 0x300 { return 0 }
    if isInvisible { return 0 }
    return isWide ? 2 : 1
  }

  /// Latin, a border, a bar or Braille dots: never wide, never part of a cluster of its own kind.
  var isPlain: Bool {
    switch value {
    case 0x20..<0x7F, 0xA0..<0x300, 0x2500...0x259F, 0x2800...0x28FF: true
    default: false
    }
  }

  /// Takes no column of its own: combining marks, joiners, vowels of a Hangul syllable.
  private var isInvisible: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .surrogate: true
    default: (0x1160...0x11FF).contains(value)
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
  /// Columns of this character as the grid draws it: that of its first scalar.
  public var columns: Int { unicodeScalars.first?.columns ?? 0 }

  /// What one cell can hold of this character: the base and up to four combining marks.
  /// Joiners, variation selectors and further emoji are left out, because terminals disagree
  /// about the width of such clusters. Nil when nothing visible remains.
  public var drawable: Character? {
    guard let base = unicodeScalars.first, base.columns > 0 else { return nil }
    if (0x1F1E6...0x1F1FF).contains(base.value) { return "?" }  // half a flag
    guard unicodeScalars.count > 1 else { return self }
    var scalars = String.UnicodeScalarView([base])
    for mark in unicodeScalars.dropFirst() where scalars.count < 5 {
      if mark.properties.generalCategory == .nonspacingMark, !isSelector(mark) {
        scalars.append(mark)
      }
    }
    return Character(String(scalars))
  }
}

private func isSelector(_ scalar: Unicode.Scalar) -> Bool {
  scalar.properties.isVariationSelector
}
