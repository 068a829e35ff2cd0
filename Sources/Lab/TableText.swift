// The table in writing: text for the terminal, Markdown, CSV, JSON.
import Foundation

extension ResultsTable {
  /// For the terminal: aligned columns, then what to know about them. `metrics`: ids of the
  /// columns; the session's own when `nil`.
  public func text(metrics: [String]? = nil) -> String {
    let grid = grid(metrics ?? columns)
    let widths = (grid.first ?? []).indices.map { column in
      grid.map { $0[column].count }.max() ?? 0
    }
    let lines = grid.map { row in
      zip(row, widths).enumerated().map { index, cell in
        index == 0 ? padded(cell.0, cell.1) : padded(cell.0, cell.1, left: true)
      }.joined(separator: "  ")
    }
    let rule = String(repeating: "-", count: lines.first?.count ?? 0)
    let table = [title, "", lines.first ?? "", rule] + lines.dropFirst()
    let notes = notes(metrics ?? columns).flatMap { Self.wrapped($0) }
    return (table + [""] + notes).joined(separator: "\n") + "\n"
  }

  /// Lines of at most 80 columns, broken at spaces.
  private static func wrapped(_ text: String) -> [String] {
    text.split(separator: " ").reduce(into: [String]()) { lines, word in
      if let line = lines.last, line.count + 1 + word.count <= 80 {
        lines[lines.count - 1] = "\(line) \(word)"
      } else {
        lines.append(String(word))
      }
    }
  }

  public func markdown(metrics: [String]? = nil) -> String {
    var lines = grid(metrics ?? columns).map { row in
      "| " + row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
    let ruling = (grid(metrics ?? columns).first ?? []).indices.map { $0 == 0 ? "---" : "---:" }
    lines.insert("| " + ruling.joined(separator: " | ") + " |", at: 1)
    return (lines + [""] + notes(metrics ?? columns)).joined(separator: "\n") + "\n"
  }

  /// One line a row and model, numbers in full.
  public func csv(metrics: [String]? = nil) -> String {
    let metrics = metrics ?? columns
    let swept = sweptKeys
    var lines = [
      ["name", "method", "model", "scored_model"] + swept + ["runs"]
        + metrics.flatMap { ["\($0)", "\($0)_sd", "\($0)_p"] }
        + ["trainable_parameters", "training_seconds", "inference_ms", "published"]
    ]
    for row in rows {
      for (name, cells) in [("student", row.scores), ("teacher", row.teacher)]
      where !cells.isEmpty {
        lines.append(
          [row.name, row.method, row.model, name] + swept.map { row.sweep[$0] ?? "" }
            + ["\(row.runs)"]
            + metrics.flatMap { metric -> [String] in
              let cell = cells[metric]
              return [cell?.mean, cell?.sd, cell?.p].map { $0.map { "\($0)" } ?? "" }
            } + ["\(row.trainableParameters)", "\(row.trainingSeconds)"]
            + [row.inferenceMilliseconds, row.published].map { $0.map { "\($0)" } ?? "" })
      }
    }
    return lines.map { $0.map(CSVText.quoted).joined(separator: ",") + "\n" }.joined()
  }

  private var sweptKeys: [String] { Set(rows.flatMap(\.sweep.keys)).sorted() }

  /// Header and rows as text.
  private func grid(_ metrics: [String]) -> [[String]] {
    var header = ["method"]
    header += sweptKeys.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
    header.append("runs")
    for metric in metrics { header += showsP ? [metric, "p"] : [metric] }
    if showsPublished { header.append("published") }
    header += ["scored", "parameters", "seconds", "ms/clip"]
    var grid = [header]
    for row in rows {
      for (suffix, cells) in [("", row.scores), (" (teacher)", row.teacher)] where !cells.isEmpty {
        grid.append(line(row, suffix, cells, metrics))
      }
    }
    return grid
  }

  private func line(
    _ row: Row, _ suffix: String, _ cells: [String: Cell], _ metrics: [String]
  ) -> [String] {
    var line = [row.name + suffix]
    line += sweptKeys.map { row.sweep[$0] ?? "" }
    line.append("\(row.runs)" + (row.lostClips > 0 ? "*" : ""))
    for metric in metrics {
      line.append(cells[metric].map(Self.text) ?? "-")
      if showsP { line.append(Self.text(p: cells[metric]?.p)) }
    }
    if showsPublished { line.append(row.published.map { String(format: "%.3f", $0) } ?? "") }
    line.append(cells.values.first.map { "\($0.scored)" } ?? "-")
    line.append("\(row.trainableParameters)")
    line.append(String(format: "%.1f", row.trainingSeconds))
    line.append(row.inferenceMilliseconds.map { String(format: "%.2f", $0) } ?? "-")
    return line
  }

  private var showsPublished: Bool { rows.contains { $0.published != nil } }

  private var showsP: Bool { rows.contains { $0.scores.values.contains { $0.p != nil } } }

  /// `0.703 ± 0.009`
  private static func text(_ cell: Cell) -> String {
    let mean = String(format: "%.3f", cell.mean)
    return cell.sd.map { mean + " ± " + String(format: "%.3f", $0) } ?? mean
  }

  private static func text(p: Double?) -> String {
    guard let p else { return "" }
    return p < 0.001 ? "<0.001" : String(format: "%.3f", p)
  }

  private func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return left ? space + text : text + space
  }

  /// What the numbers are, and where they can mislead.
  private func notes(_ metrics: [String]) -> [String] {
    var notes: [String] = caption.isEmpty ? [] : [caption]
    notes.append("Test scores, mean ± sample standard deviation over runs (seeds, folds).")
    if showsP {
      notes.append(
        "p: two-sided t-test against \(rows.first?.name ?? ""), paired, over seeds and classes."
      )
    }
    let methods = Set(rows.map(\.method))
    let showsBoth =
      metrics.contains { $0.hasPrefix("f1") } && metrics.contains { $0.hasPrefix("ap") }
    if methods.isSuperset(of: ["b0", "b1"]), showsBoth, isHiddenByChance {
      notes.append(Self.disagreement)
    }
    let losers = rows.filter { $0.lostClips > 0 }
    if let most = losers.map(\.lostClips).max() {
      notes.append(
        "* Runs that are without clips (at most \(most)) whose files are missing or no sound; their "
          + "logs say which.")
    }
    if !missing.isEmpty {
      let (named, more) = (missing.prefix(Self.mostNamed), missing.count - Self.mostNamed)
      let rest = more > 0 ? " and \(more) more" : ""
      notes.append("Not finished: \(named.joined(separator: ", "))\(rest).")
    }
    return notes
  }

  /// Runs that are named where they are missing.
  private static let mostNamed = 6

  static let disagreement =
    "F1 and AP disagree because b0 learns missing labels as negatives: which ones are missing "
    + "does not depend on the sound, so the order of its clips, all that AP sees, stays right, "
    + "while its probabilities sink below the threshold that F1 decides at."
}
