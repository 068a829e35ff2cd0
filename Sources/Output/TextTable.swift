/// Rows of text in aligned columns, measured as the terminal shows them.
import Canvas

package struct TextTable {
  private var rows: [[String]]
  private let rightAligned: Set<Int>

  /// `numbers`: the columns that are aligned at the right.
  package init(_ header: [String], numbers: Set<Int> = []) {
    rows = [header]
    rightAligned = numbers
  }

  package mutating func append(_ row: [String]) { rows.append(row) }

  package var text: String { lines.joined(separator: "\n") }

  /// The header first. A cell is one line, whatever it holds.
  package var lines: [String] {
    let shown = rows.map { $0.map(\.visible.printable) }
    let columns = shown.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      shown.map { column < $0.count ? $0[column].columns : 0 }.max() ?? 0
    }
    return shown.map { row in
      var line = row.enumerated().map { column, text in
        text.padded(to: widths[column], rightAligned.contains(column) ? .right : .left)
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
