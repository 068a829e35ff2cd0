// The report of a session: what its runs show, and how they came to it.
import Foundation
import Lab
import Metrics

/// What a report should hold beside numbers.
public struct ReportOptions: Sendable, Equatable {
  /// The number of clips with spectrogram and predictions.
  public var clips: Int
  public var withSound: Bool
  public var maker: ReportPage.Maker

  public init(clips: Int = 6, withSound: Bool = false, maker: ReportPage.Maker) {
    (self.clips, self.withSound, self.maker) = (clips, withSound, maker)
  }
}

/// Collects the sections of a session's page. What cannot be read becomes a remark.
public struct SessionReport {
  let session: Session
  let table: ResultsTable
  let records: [String: RunRecord]
  let metric: String
  private var draft: PageDraft

  /// Reads the logs of all finished runs; blocking.
  ///
  /// - Throws: One line if no run is finished or a log cannot be read.
  public init(_ session: Session, _ executor: RunExecutor, _ options: ReportOptions) throws {
    (self.session, draft) = (session, PageDraft(executor, options))
    table = try ResultsTable(session)
    guard !table.rows.isEmpty else {
      throw LabError(
        "\(session.folder.path): no finished run; expected one or more (scant run \(session.name))")
    }
    metric = table.columns.first ?? Metric.apMacro.rawValue
    records = try session.runs.reduce(into: [:]) { records, run in
      let folder = session.runFolder(run)
      guard folder.state == .done else { return }
      records[run.name] = try RunRecord(reading: folder)
    }
  }

  /// Makes the page; blocking.
  ///
  /// - Throws: One line if the log or the recipe of a run cannot be read.
  public consuming func page() throws -> ReportPage {
    draft.add("result", "Result", result)
    draft.add("table", "Table", tableContent)
    let figures = SessionFigures(self)
    draft.add("curves", "Curves", figures.curves)
    draft.add("classes", "Classes", figures.classes)
    addLabels()
    addClips()
    draft.add("settings", "Settings", try SettingsContent(self).content)
    if !table.missing.isEmpty {
      draft.remark("Not finished: \(table.missing.joined(separator: ", ")).")
    }
    return draft.page(title: session.title, lede: lede)
  }

  private var lede: String {
    let finished = records.count
    let names = Set(table.rows.map(\.name)).count
    return "\(names) \(names == 1 ? "method" : "methods"), \(finished) finished "
      + "\(finished == 1 ? "run" : "runs"). \(table.caption)"
  }

  // MARK: sections

  /// The best row, and what the session's claims come to.
  private var result: [Markup] {
    [.paragraph(best)] + findings
  }

  /// The row with the highest mean of the main metric, and its distance from the reference.
  var bestRow: ResultsTable.Row? {
    table.rows.max { (Self.mean($0, metric) ?? -1) < (Self.mean($1, metric) ?? -1) }
  }

  static func mean(_ row: ResultsTable.Row, _ metric: String) -> Double? {
    Self.cell(row, metric)?.mean
  }

  /// Of the network that is the method's result.
  static func cell(_ row: ResultsTable.Row, _ metric: String) -> ResultsTable.Cell? {
    (row.result == "teacher" ? row.teacher[metric] : nil) ?? row.scores[metric]
  }

  private var best: String {
    guard let row = bestRow, let cell = Self.cell(row, metric) else {
      return "No run has a score in \(metric)."
    }
    let spread = cell.sd.map { " ± \($0.fixed(3))" } ?? ""
    let p = cell.p.map { " (p \($0 < 0.001 ? "< 0.001" : $0.fixed(3)), paired)" } ?? ""
    let first = table.rows.first { $0.sweep == row.sweep }
    let reference = first.flatMap { other in
      other == row
        ? nil : Self.mean(other, metric).map { "; \(other.name): \($0.fixed(3))\(p)" }
    }
    return "The highest mean \(metric) in the test has \(Self.title(row)): "
      + "\(cell.mean.fixed(3))\(spread), \(row.runs) runs\(reference ?? "")."
  }

  /// The row's name with the swept values.
  static func title(_ row: ResultsTable.Row) -> String {
    let swept = row.sweep.sorted { $0.key < $1.key }.map { key, value in
      "\(key.split(separator: ".").last.map(String.init) ?? key) \(value)"
    }
    return ([row.name] + swept).joined(separator: ", ")
  }

  private var findings: [Markup] {
    guard !table.findings.isEmpty else { return [] }
    let items = table.findings.map { finding -> Markup in
      let style =
        finding.standing == .shown ? "shown" : finding.standing == .reversed ? "reversed" : nil
      return .tag(
        "li", [.text("\(finding.says) "), .tag("strong", ["class": style], finding.sentence)])
    }
    return [.tag("h3", "Claims"), .tag("ul", [:], items)]
  }

  private var tableContent: [Markup] {
    let cells = table.cells()
    let head = cells.first ?? []
    let strong = bestRow.flatMap { best in
      table.rows.firstIndex(of: best).map { index in
        table.rows[..<index].reduce(0) { $0 + ($1.teacher.isEmpty ? 1 : 2) }
      }
    }
    let main = Markup.table(
      head, Array(cells.dropFirst()), numbers: Set(1..<max(2, head.count)), strong: strong)
    // The caption opens the page, and claims are above.
    let told = Set(
      [table.caption] + table.findings.map { "\($0.claim): \($0.says) \($0.sentence)" })
    return [main] + Markup.list(table.notes().filter { !told.contains($0) })
  }

  /// Of the first recipe: the rows of a session learn from the same labels unless they are swept.
  private mutating func addLabels() {
    guard let run = session.runs.first else { return }
    draft.addLabels(
      of: run.recipe, owner: run.sweep.isEmpty ? "" : " of the run \(run.name)")
  }

  /// Of the first finished run of the best row.
  private mutating func addClips() {
    guard let row = bestRow else { return }
    let run = session.runs.first { run in
      records[run.name] != nil && (run.variant ?? run.recipe.method) == row.name
        && run.sweep == row.sweep
    }
    guard let run else { return }
    draft.addClips(
      of: session.runFolder(run),
      "Test clips that the run \(run.name) predicts best, then those that it predicts worst.")
  }
}
