/// Truncating, padding and wrapping by columns instead of characters.
public enum Alignment: Sendable, Hashable { case left, right, center }

extension String {
  /// Truncated to at most `width` columns; the last one is an ellipsis if anything was cut.
  public func fitted(to width: Int, ellipsis: Character = "…") -> String {
    String(cells(fittedTo: width, ellipsis: ellipsis))
  }

  /// The cells of the text, truncated to at most `width` columns.
  func cells(fittedTo width: Int, ellipsis: Character) -> [Character] {
    guard width > 0 else { return [] }
    let cells = self.cells
    guard cells.columns > width else { return cells }
    var result: [Character] = [], used = 0
    for cell in cells {
      if used + cell.columns > width - 1 { break }
      result.append(cell)
      used += cell.columns
    }
    return result + [ellipsis]
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
