// The table for a paper: LaTeX with the rules of the package booktabs.
import Formats
import Foundation
import Metrics

extension ResultsTable {
  /// A `tabular`: a row and network a line, each mean ± half of its 95 % interval over runs
  /// (Student's t). What the numbers mean follows as comments. `metrics`: ids of the columns; the
  /// session's own when `nil`.
  public func latex(metrics: [String]? = nil) -> String {
    let metrics = metrics ?? columns
    let swept = Set(rows.flatMap(\.sweep.keys)).sorted()
    let names = swept.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
    let header = ["method"] + names + ["runs"] + metrics
    let body = rows.flatMap { row in
      row.networks.map { name, cells -> [String] in
        let suffix = name == "student" && row.result == name ? "" : " (\(name))"
        return [LaTeXText.escaped(row.name + suffix)]
          + swept.map { LaTeXText.escaped(row.sweep[$0] ?? "") } + ["\(row.runs)"]
          + metrics.map { cells[$0].map(Self.latex) ?? "--" }
      }
    }
    let lines =
      [
        "% \\usepackage{booktabs}",
        "\\begin{tabular}{l" + String(repeating: "r", count: header.count - 1) + "}",
        "\\toprule", Self.line(header.map(LaTeXText.escaped)), "\\midrule",
      ] + body.map(Self.line) + ["\\bottomrule", "\\end{tabular}"]
    return (lines + latexNotes(metrics).map { "% \($0)" }).joined(separator: "\n") + "\n"
  }

  private static func line(_ cells: [String]) -> String {
    cells.joined(separator: " & ") + " \\\\"
  }

  /// `$0.703 \pm 0.009$`; without an interval the mean alone.
  private static func latex(_ cell: Cell) -> String {
    guard let found = MeanInterval(cell.values) else { return "--" }
    let mean = String(format: "%.3f", found.mean)
    guard let interval = found.interval else { return "$\(mean)$" }
    return "$\(mean) \\pm " + String(format: "%.3f", interval.high - found.mean) + "$"
  }

  private func latexNotes(_ metrics: [String]) -> [String] {
    let first =
      "\(title): \(split.rawValue) scores, mean and 95 % interval over runs (Student's t)."
    let rest = notes(metrics: metrics).filter { !$0.contains("standard deviation") }
    return ([first] + rest).map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
  }
}
