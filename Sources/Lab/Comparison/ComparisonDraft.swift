// `session.yaml` of a comparison: its rows, the settings tried for them, the folds, the curve.
import Formats
import Foundation

/// The text of the session that holds a comparison's runs. It is written anew whenever the plan
/// changes; the names of runs stay.
package struct ComparisonDraft {
  private let title: String
  private let dataset: String
  private let root: URL
  /// Whether training hears sounds without a label.
  private let usesUnlabelled: Bool
  private let isSingleLabel: Bool
  /// All folds of the data set; empty for a given split.
  private let folds: [Int]
  private let batch: Int
  package let plan: ComparisonPlan
  /// What the learning curve is drawn for, once that is known.
  private let curve: ComparisonRow.Candidate?
  /// The file of answers that the runs are trained with; nil without any.
  package var patch: String?

  package init(
    title: String, dataset: String, root: URL, usesUnlabelled: Bool = true, isSingleLabel: Bool,
    folds: [Int], batch: Int, plan: ComparisonPlan, curve: ComparisonRow.Candidate?
  ) {
    (self.title, self.dataset, self.root) = (title, dataset, root)
    self.usesUnlabelled = usesUnlabelled
    (self.isSingleLabel, self.folds, self.batch) = (isSingleLabel, folds, batch)
    (self.plan, self.curve) = (plan, curve)
  }

  private static let mark = "# Written by scant compare"

  /// Whether the session in this folder is a comparison's.
  package static func wrote(_ folder: URL) throws -> Bool {
    let text = try StoredFile.text(folder.appendingPathComponent("session.yaml"))
    return text?.hasPrefix(mark) == true
  }

  package var yaml: String {
    ([header, rows, table].map { $0.joined(separator: "\n") }).joined(separator: "\n\n") + "\n"
  }

  private var header: [String] {
    [
      "\(Self.mark), and written again when its plan changes: edit a copy.",
      "# Each row is a method; names with more behind them are other settings of it, of which the",
      "# labels of the validation split choose one in every fold. Documentation/Comparing.md.",
    ]
      + plan.dropped.map { "# left out: \($0)" }
      + [
        "title: \(SessionDraft.quoted(title))",
        "dataset: { id: \(dataset), root: \(SessionDraft.quoted(root.path))\(moreData) }",
        "model: { id: cnn }",
        "seeds: [0]",
      ] + foldLine
      + ["training: { epochs: \(plan.epochs), batch: \(batch) }"]
  }

  private var moreData: String {
    (usesUnlabelled ? "" : ", unlabelled: no") + (patch.map { ", patch: \($0)" } ?? "")
  }

  private var foldLine: [String] {
    guard !folds.isEmpty else { return ["# folds: the split is given"] }
    let tested = folds.prefix(plan.folds).map(String.init).joined(separator: ", ")
    return ["folds: [\(tested)]            # each is tested on once"]
  }

  private var rows: [String] {
    let draws = 1...(1 + plan.repeats)
    let lines = draws.flatMap { draw in
      plan.rows.flatMap { row in
        row.candidates.prefix(plan.candidates[row.name] ?? 1).map { line(row, $0, draw: draw) }
      }
    }
    return ["variants:"] + lines + curveLines
  }

  private func line(
    _ row: ComparisonRow, _ candidate: ComparisonRow.Candidate, draw: Int
  ) -> String {
    let name = candidate.name + ComparisonPlace.label(of: draw)
    let own = row.epochs.map { row.method == "classic" ? "" : "training.epochs: \($0)" } ?? ""
    let again = draw == 1 ? "" : "dataset.seed: \(draw)"
    return Self.line(name, row.method, [candidate.settings, own, again])
  }

  private static func line(_ name: String, _ method: String, _ settings: [String]) -> String {
    let parts = ["name: \(name)", "method: \(method)"] + settings.filter { !$0.isEmpty }
    return "  - { \(parts.joined(separator: ", ")) }"
  }

  private var curveLines: [String] {
    guard let curve, let row = plan.rows.first(where: { $0.candidates.contains(curve) }) else {
      return []
    }
    let own = row.epochs.map { row.method == "classic" ? "" : "training.epochs: \($0)" } ?? ""
    return ["  # the learning curve: the same with fewer labels"]
      + ComparisonPlan.curveShares.map { share in
        Self.line(
          Self.name(curve, share), row.method, [curve.settings, own, hiding(allBut: share)])
      }
  }

  /// The name of the row that has a share of the labels: `transfer-labels25`.
  static func name(_ candidate: ComparisonRow.Candidate, _ share: Double) -> String {
    "\(candidate.name)-labels\(Int((share * 100).rounded()))"
  }

  /// Whole clips where every clip has all of its labels, else labels one by one.
  private func hiding(allBut share: Double) -> String {
    isSingleLabel ? "dataset.fraction: \(share)" : "dataset.removed: \(1 - share)"
  }

  private var table: [String] {
    ["table:", "  columns: [\(isSingleLabel ? "accuracy, f1-macro" : "f1-macro-both, ap-macro")]"]
  }
}
