/// Rows of text in aligned columns.
struct TextTable {
  private var rows: [[String]]
  private let rightAligned: Set<Int>

  /// `numbers`: the columns that are aligned at the right.
  init(_ header: [String], numbers: Set<Int> = []) {
    rows = [header]
    rightAligned = numbers
  }

  mutating func append(_ row: [String]) { rows.append(row) }

  var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = row.enumerated().map { column, text in
        let gap = String(repeating: " ", count: widths[column] - text.count)
        return rightAligned.contains(column) ? gap + text : text + gap
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
