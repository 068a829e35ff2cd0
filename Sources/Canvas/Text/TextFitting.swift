/// Cutting, padding and wrapping by columns instead of characters.
public enum Alignment: Sendable, Hashable { case left, right, center }

extension String {
  /// Columns a terminal needs for this text on one line; control characters count nothing.
  public var columns: Int { isPlain ? unicodeScalars.count : reduce(0) { $0 + $1.columns } }

  /// Latin letters, borders, bars and dots alone, as in most of a picture: a scalar is a character
  /// and a column, and nothing has to be looked up.
  private var isPlain: Bool { unicodeScalars.allSatisfy(\.isPlain) }

  /// The text without control characters, with tabs and line ends as spaces, and with every
  /// cluster reduced to what one cell can hold.
  public var printable: String {
    if isPlain { return self }
    return String(
      compactMap { character -> Character? in
        if character.isNewline || character == "\t" { return " " }
        return character.drawable
      })
  }

  /// Cut to at most `width` columns, the last one an ellipsis if anything was lost.
  public func fitted(to width: Int, ellipsis: Character = "…") -> String {
    let text = printable
    guard width > 0 else { return "" }
    guard text.columns > width else { return text }
    var result = "", used = 0
    for character in text {
      let next = character.columns
      if used + next > width - 1 { break }
      result.append(character)
      used += next
    }
    return result + String(ellipsis)
  }

  /// Cut or padded with spaces to exactly `width` columns.
  public func padded(
    to width: Int, _ alignment: Alignment = .left, ellipsis: Character = "…"
  ) -> String {
    let text = fitted(to: width, ellipsis: ellipsis)
    let space = Swift.max(0, width - text.columns)
    let before =
      switch alignment {
      case .left: 0
      case .right: space
      case .center: space / 2
      }
    return String(repeating: " ", count: before) + text
      + String(repeating: " ", count: space - before)
  }

  /// Broken at spaces into lines of at most `width` columns; a longer word is split.
  public func wrapped(to width: Int) -> [String] {
    guard width > 0 else { return [] }
    return split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { wrapParagraph(String($0).printable, width) }
  }
}

/// Greedy; indentation of the first line is kept.
private func wrapParagraph(_ text: String, _ width: Int) -> [String] {
  var lines: [String] = []
  var line = String(text.prefix { $0 == " " }.prefix(max(0, width - 1)))
  var isFresh = true
  for word in text.split(separator: " ") {
    if !isFresh, line.columns + 1 + String(word).columns <= width {
      line += " " + word
      continue
    }
    if !isFresh {
      lines.append(line)
      line = ""
    }
    for character in word {
      if line.columns + character.columns > width, !line.isEmpty {
        lines.append(line)
        line = ""
      }
      line.append(character)
    }
    isFresh = false
  }
  return lines + [line]
}
