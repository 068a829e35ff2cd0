// The table as text: cells and notes, Markdown and CSV. `TableJSON` has the JSON.
import Formats
import Foundation
import Metrics

extension ResultsTable {
  public func markdown(metrics: [String]? = nil) -> String {
    let cells = cells(metrics: metrics)
    var lines = cells.map { row in
      let texts = row.map { $0.replacing("|", with: "\\|").split(whereSeparator: \.isNewline) }
      return "| " + texts.map { $0.joined(separator: " ") }.joined(separator: " | ") + " |"
    }
    let ruling = (cells.first ?? []).indices.map { $0 == 0 ? "---" : "---:" }
    lines.insert("| " + ruling.joined(separator: " | ") + " |", at: 1)
    return (lines + [""] + notes(metrics: metrics)).joined(separator: "\n") + "\n"
  }

  /// One line a row and model, numbers in full.
  public func csv(metrics: [String]? = nil) -> String {
    let metrics = metrics ?? columns
    let swept = sweptKeys
    var lines = [
      ["name", "method", "model", "scored_model"] + swept + ["runs"]
        + metrics.flatMap { ["\($0)", "\($0)_sd", "\($0)_p"] }
        + [
          "trainable_parameters", "training_seconds", "inference_ms", "peak_memory_bytes",
          "published", "is_result",
        ]
    ]
    for row in rows {
      for (name, cells) in row.networks {
        lines.append(
          [row.name, row.method, row.model, name] + swept.map { row.sweep[$0] ?? "" }
            + ["\(row.runs)"]
            + metrics.flatMap { metric -> [String] in
              let cell = cells[metric]
              return [cell?.mean, cell?.sd, cell?.p].map { $0.map { "\($0)" } ?? "" }
            } + ["\(row.trainableParameters)", "\(row.trainingSeconds)"]
            + [
              row.inferenceMilliseconds.map { "\($0)" }, row.peakMemory.map { "\($0)" },
              row.published.map { "\($0)" },
            ].map { $0 ?? "" }
            + [name == row.result ? "1" : "0"])
      }
    }
    return lines.map { $0.map(CSVText.quoted).joined(separator: ",") + "\n" }.joined()
  }

  private var sweptKeys: [String] { Set(rows.flatMap(\.sweep.keys)).sorted() }

  /// Header and rows as text. `metrics`: ids of the columns; the session's own when `nil`.
  public func cells(metrics: [String]? = nil) -> [[String]] {
    let metrics = metrics ?? columns
    var header = ["method"]
    header += sweptKeys.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
    header.append("runs")
    let p = seedsOfP == [1] ? "p, \(Self.classesOnly)" : "p"
    for metric in metrics { header += showsP ? [metric, p] : [metric] }
    if showsPublished { header.append("published") }
    header += ["scored", "parameters", "seconds", "ms/clip", "MiB"]
    var grid = [header]
    for row in rows {
      for (name, cells) in row.networks {
        // A single student has the method's name.
        let suffix = name == "student" && row.result == name ? "" : " (\(name))"
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
      if showsP { line.append(text(pOf: cells[metric])) }
    }
    if showsPublished { line.append(row.published.map { String(format: "%.3f", $0) } ?? "") }
    line.append(cells.values.first.map { "\($0.scored)" } ?? "-")
    line.append("\(row.trainableParameters)")
    line.append(String(format: "%.1f", row.trainingSeconds))
    line.append(row.inferenceMilliseconds.map { String(format: "%.2f", $0) } ?? "-")
    line.append(row.peakMemory.map { "\($0 >> 20)" } ?? "-")
    return line
  }

  private var showsPublished: Bool { rows.contains { $0.published != nil } }

  private var showsP: Bool { !seedsOfP.isEmpty }

  /// Numbers of seeds in the table's tests: 1, or 2 for more.
  private var seedsOfP: Set<Int> {
    Set(
      rows.flatMap { $0.networks.flatMap { Array($0.cells.values) } }.filter { $0.p != nil }.map {
        min(2, $0.seeds ?? 1)
      })
  }

  private static let classesOnly = "classes only"

  /// `0.703 ± 0.009`
  private static func text(_ cell: Cell) -> String {
    let mean = String(format: "%.3f", cell.mean)
    return cell.sd.map { mean + " ± " + String(format: "%.3f", $0) } ?? mean
  }

  /// A test over the classes of one seed says nothing about other seeds: its number is not shown
  /// beside those of tests over seeds.
  private func text(pOf cell: Cell?) -> String {
    guard let p = cell?.p else { return "" }
    if cell?.seeds == 1, seedsOfP != [1] { return Self.classesOnly }
    return p < 0.001 ? "<0.001" : String(format: "%.3f", p)
  }

  /// What the numbers mean, and where they can mislead: a paragraph each.
  public func notes(metrics: [String]? = nil) -> [String] {
    let metrics = metrics ?? columns
    var notes: [String] = caption.isEmpty ? [] : [caption]
    let scores = split == .test ? "Test scores" : "Validation scores of the weights that are tested"
    notes.append("\(scores), mean ± sample standard deviation over runs (seeds, folds).")
    if let row = rows.first(where: { $0.networks.count > 1 }) {
      let names = row.networks.map(\.name)
      notes.append(
        "Of two networks the method's result comes first: of \(row.name) the \(names[0]).")
    }
    if showsP { notes.append(noteOnP) }
    if metrics.contains(where: AfterTraining.ids.contains) { notes.append(Self.afterTraining) }
    if disagreesByHiding(metrics) { notes.append(Self.disagreement) }
    if let coverage { notes.append("In a test here, \(coverage).") }
    notes += findings.map { "\($0.claim): \($0.says) \($0.sentence)" }
    let losers = rows.filter { $0.lostClips > 0 }
    if let most = losers.map(\.lostClips).max() {
      notes.append(
        "* Runs that are without clips (at most \(most)) whose files are missing or no sound; "
          + "their logs say which.")
    }
    if !missing.isEmpty {
      let (named, more) = (missing.prefix(Self.mostNamed), missing.count - Self.mostNamed)
      let rest = more > 0 ? " and \(more) more" : ""
      notes.append("Not finished: \(named.joined(separator: ", "))\(rest).")
    }
    return notes
  }

  private var noteOnP: String {
    let test = "p: two-sided t-test against \(rows.first?.name ?? ""), paired, over"
    switch seedsOfP {
    case [1]: return "\(test) classes only: one seed says nothing about other seeds."
    case [2]: return "\(test) seeds and classes."
    default:
      return "\(test) seeds and classes; '\(Self.classesOnly)' where only one seed pairs."
    }
  }

  /// Unfinished runs that are named; the rest are counted.
  private static let mostNamed = 6

  static let afterTraining =
    "@: calibration and decision thresholds were chosen on the validation clips after training; "
    + "ece: expected calibration error, 15 bins, over the observed entries of the test."

  static let disagreement =
    "F1 and AP disagree because b0 learns missing labels as negatives: which ones are missing "
    + "does not depend on the sound, so the order of its clips, all that AP sees, stays right, "
    + "while its probabilities sink below the threshold that F1 decides at."
}
