/// The result of `scant compare` on stdout: a table for people, or one JSON document.
import Foundation
import Lab
import Metrics
import Output

struct ComparisonOutput {
  let record: ComparisonRecord
  let comparison: Comparison

  private struct Document: Encodable {
    let plan: ComparisonRecord
    let rows: [Row]
  }

  private struct Row: Encodable {
    let method: String
    let title: String
    let scores: [String: Double]
    let seconds: Double
  }

  func print(json: Bool) throws {
    let rows = try self.rows()
    if json { return try Console.shared.print(json: Document(plan: record, rows: rows)) }
    try Console.shared.print(try table(rows))
  }

  private func rows() throws -> [Row] {
    let rows = try comparison.rows.map { row in
      let scores = try score(row.labelled).values.map { ($0.key.rawValue, $0.value) }
      return Row(
        method: row.name, title: row.title,
        scores: Dictionary(uniqueKeysWithValues: scores), seconds: row.seconds)
    }
    let headline = headline.rawValue
    return rows.sorted { ($0.scores[headline] ?? -1) > ($1.scores[headline] ?? -1) }
  }

  private var headline: Metric {
    comparison.rows.first?.labelled.isSingleLabel == true ? .accuracy : .f1MacroBoth
  }

  private func table(_ rows: [Row]) throws -> String {
    let metrics = [headline, .f1Macro, .apMacro].map(\.rawValue)
    var table = ConsoleTable(["method"] + metrics + ["time"], numbers: [1, 2, 3, 4])
    for row in rows {
      table.append(
        [row.title] + metrics.map { row.scores[$0]?.fixed(3) ?? "" } + [row.seconds.duration])
    }
    return
      ([head, "", table.text, ""] + curve + [
        "\(record.used.duration) of \(record.budget.seconds.duration)"
      ]).joined(separator: "\n")
  }

  private var head: String {
    let facts = comparison.facts
    return "\(facts.name): \(facts.clips) clips, \(comparison.classes.count) classes, "
      + "\(Int((facts.observed * 100).rounded())) % of labels observed, "
      + "\(facts.foldsTested) of \(facts.folds) folds tested"
  }

  private var curve: [String] {
    guard let title = comparison.curve.first?.predictions.title else { return [] }
    let points = comparison.curve.map { point in
      let score = (try? score(point.predictions.labelled))?.values[headline]
      return "\(point.labels) labels \(score?.fixed(3) ?? "-")"
    }
    return ["learning curve, \(title): \(points.joined(separator: ", "))"]
  }
}
