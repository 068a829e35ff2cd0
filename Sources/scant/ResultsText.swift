/// The results of a session as the terminal shows them: aligned columns, then what to know of them.
import Canvas
import Lab
import Output

extension ResultsTable {
  /// `metrics`: ids of the columns; the session's own when `nil`.
  func text(metrics: [String]? = nil) -> String {
    let cells = cells(metrics: metrics)
    var table = TextTable(cells.first ?? [], numbers: Set(1..<max(2, cells.first?.count ?? 0)))
    for row in cells.dropFirst() { table.append(row) }
    let lines = table.lines
    let rule = String(repeating: "-", count: lines.map(\.columns).max() ?? 0)
    let notes = notes(metrics: metrics).flatMap { $0.visible.wrapped(to: 80) }
    return ([title.visible, "", lines[0], rule] + lines.dropFirst() + [""] + notes)
      .joined(separator: "\n") + "\n"
  }
}
