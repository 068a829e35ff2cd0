/// Truncating, padding and wrapping by columns instead of characters.
public enum Alignment: Sendable, Hashable { case left, right, center }

extension String {
  /// Truncated to at most `width` columns, between words if that leaves a third of them, with an
  /// ellipsis if anything was cut. A name keeps its last short part: `label-…-s0`.
  public func fitted(to width: Int, ellipsis: Character = "…") -> String {
    String(cells(fittedTo: width, ellipsis: ellipsis))
  }

  /// The cells of the text, truncated to at most `width` columns.
  func cells(fittedTo width: Int, ellipsis: Character) -> [Character] {
    guard width > 0 else { return [] }
    let cells = self.cells
    guard cells.columns > width else { return cells }
    let tail = cells.nameEnd
    if tail.columns > 0, tail.columns + 4 < width {
      let head = Array(cells.dropLast(tail.count)).cut(to: width - tail.columns - 1)
      if head.last == "-" { return head + [ellipsis] + tail }
    }
    return cells.cut(to: width - 1) + [ellipsis]
  }

  /// Truncated or padded with spaces to exactly `width` columns.
  public func padded(
    to width: Int, _ alignment: Alignment = .left, ellipsis: Character = "…"
  ) -> String {
    let cells = cells(fittedTo: width, ellipsis: ellipsis)
    let space = Swift.max(0, width - cells.columns)
    let before =
      switch alignment {
      case .left: 0
      case .right: space
      case .center: space / 2
      }
    return String(repeating: " ", count: before) + String(cells)
      + String(repeating: " ", count: space - before)
  }

  /// Wrapped at spaces into lines of at most `width` columns; a longer word is split.
  public func wrapped(to width: Int) -> [String] {
    guard width > 0 else { return [] }
    return split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { wrapParagraph(String($0).cells, width) }
  }
}

extension [Character] {
  /// The first cells, up to `width` columns. Where that would end within a word, the word is left
  /// out if at least a third of the columns remain.
  fileprivate func cut(to width: Int) -> [Character] {
    var count = 0, used = 0
    while count < self.count, used + self[count].columns <= width {
      used += self[count].columns
      count += 1
    }
    var end = count
    while end > 0, self[end - 1].isWordCell { end -= 1 }
    let least = Swift.max(1, (width + 2) / 3)
    return Array(prefix(Array(prefix(end)).columns >= least ? end : count))
  }

  /// The last part of a name without spaces, such as `-s0`; empty for other texts.
  fileprivate var nameEnd: [Character] {
    guard !contains(" "), let dash = lastIndex(of: "-"), dash > 0, count - dash <= 5 else {
      return []
    }
    return Array(self[dash...])
  }
}

extension Character {
  fileprivate var isWordCell: Bool { isLetter || isNumber }
}

/// Greedy wrapping; the indentation of the first line is kept.
private func wrapParagraph(_ cells: [Character], _ width: Int) -> [String] {
  var lines: [[Character]] = []
  var line = Array(cells.prefix { $0 == " " }.prefix(max(0, width - 1)))
  var isFresh = true
  for word in cells.split(separator: " ") {
    if !isFresh, line.columns + 1 + Array(word).columns <= width {
      line += [" "] + word
      continue
    }
    if !isFresh {
      lines.append(line)
      line = []
    }
    for cell in word {
      if line.columns + cell.columns > width, !line.isEmpty {
        lines.append(line)
        line = []
      }
      line.append(cell)
    }
    isFresh = false
  }
  return (lines + [line]).map { String($0) }
}

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

/// Numbers as short text, independent of the locale.
extension Double {
  /// A fixed number of decimals; "-" for a non-finite number.
  public func fixed(_ decimals: Int) -> String {
    guard isFinite else { return "-" }
    let places = Swift.max(0, Swift.min(9, decimals))
    var power = 1.0
    for _ in 0..<places { power *= 10 }
    let scaled = (magnitude * power).rounded()
    guard scaled < 1e15 else { return scientific }
    let digits = String(Int(scaled))
    let sign = self < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: Swift.max(0, places + 1 - digits.count)) + digits
    return sign + padded.dropLast(places) + "." + padded.suffix(places)
  }

  /// About three significant digits: 0.0127, 3.41, 418, 20.9k, 1e-7.
  public var short: String {
    guard isFinite else { return "-" }
    switch magnitude {
    case 0: return "0"
    case ..<0.0005: return scientific
    case ..<1: return fixed(magnitude < 0.1 ? 4 : 3)
    case ..<10: return fixed(2)
    case ..<100: return fixed(1)
    case ..<10_000: return fixed(0)
    case ..<1_000_000: return (self / 1e3).fixed(1) + "k"
    default: return scientific
    }
  }

  /// As `short`, but whole numbers below 10,000 have no decimals, for steps and epochs.
  public var shortPlace: String {
    magnitude < 10_000 && self == rounded() ? fixed(0) : short
  }

  /// Mantissa with one decimal, if any, and exponent: 2.5e-7.
  public var scientific: String {
    guard isFinite else { return "-" }
    guard self != 0 else { return "0" }
    var exponent = 0, mantissa = magnitude
    while mantissa >= 9.95 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 0.995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    var text = mantissa.fixed(1)
    if text.hasSuffix(".0") { text.removeLast(2) }
    return (self < 0 ? "-" : "") + text + "e" + String(exponent)
  }
}

extension String {
  /// One word of a command line, in quotes where a shell would read it as something else.
  package var forShell: String {
    let isPlain = allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=:,+".contains($0))
    }
    return isPlain && !isEmpty ? self : "'\(replacing("'", with: "'\\''"))'"
  }
}
