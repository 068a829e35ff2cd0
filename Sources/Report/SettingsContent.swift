// Settings and provenance of a report.
import Foundation
import Lab

struct SettingsContent {
  let content: [Markup]

  /// Of a session: what its rows differ in, what they share, and what made them.
  ///
  /// - Throws: One line if the log or the recipe of a run cannot be read.
  init(_ report: borrowing SessionReport) throws {
    try self.init(report.session.runs.compactMap { report.records[$0.name] })
  }

  init(_ records: [RunRecord]) throws {
    guard let first = records.first else {
      content = []
      return
    }
    let keys = Set(records.flatMap(\.settings.keys)).sorted()
    let shared = keys.filter { key in
      records.allSatisfy { $0.settings[key] == first.settings[key] }
    }
    let varying = keys.filter { !shared.contains($0) }
    let text = shared.map { "\($0): \(first.settings[$0] ?? "")" }.joined(separator: "\n")
    let title = records.count > 1 ? "\(shared.count) settings of all runs" : "All settings"
    content =
      [.folded(title, text)] + Self.differing(records, varying) + (try Self.origin(records))
  }

  private static func differing(_ records: [RunRecord], _ keys: [String]) -> [Markup] {
    guard !keys.isEmpty, records.count > 1 else { return [] }
    let text = keys.map { key in
      let values = records.reduce(into: [String]()) { values, record in
        let value = record.settings[key] ?? "–"
        if !values.contains(value) { values.append(value) }
      }
      return "\(key): \(values.joined(separator: ", "))"
    }.joined(separator: "\n")
    return [.folded("\(keys.count) settings that differ between runs", text)]
  }

  private static func origin(_ records: [RunRecord]) throws -> [Markup] {
    let rows = try records.map { record in
      let provenance = try RunFolder(record.folder).provenance()
      return [
        record.summary.name, record.summary.method, record.summary.model,
        "\(record.summary.seed)", record.seconds.map { $0.fixed(1) } ?? "–",
        provenance.build ?? "–", provenance.threads.map { "\($0)" } ?? "–",
        provenance.dataDigest ?? "–",
      ]
    }
    let head = ["run", "method", "model", "seed", "seconds", "scant", "threads", "data"]
    return [
      .tag("h3", "Runs"),
      .table(
        head, rows, numbers: [3, 4, 6],
        caption: "Seconds of training with evaluation. Data: the digest of labels and sounds."),
    ]
  }
}
