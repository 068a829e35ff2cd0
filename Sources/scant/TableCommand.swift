import ArgumentParser
import Canvas
import Foundation
import Lab
import Metrics
import Output

/// `scant table SESSION`: the results table of a session's finished runs.
struct TableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Print mean ± sd over seeds, and a paired test against the first method.",
    discussion: """
      Examples:
        scant table band-missing-labels
        scant table band-missing-labels --format markdown --metric f1-macro-both
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, markdown, latex, csv, json
  }

  @Argument(
    help: "Name, folder or session.yaml of a session.", completion: Completions.sessions)
  var session: String

  @Option(help: "text, markdown, latex (booktabs, 95 % intervals), csv or json.")
  var format = Format.text

  @Flag(help: "The same as --format json.")
  var json = false

  @Option(help: ArgumentHelp("Id of a metric; repeatable. Default: those of the session."))
  var metric: [String] = []

  @Option(help: "Split whose scores are shown; settings are chosen on validation.")
  var split = ScoredSplit.test

  @Option(
    help: ArgumentHelp(
      "Plot the main metric against a cost below the table: parameters, seconds, inference or "
        + "memory; repeatable.", valueName: "cost"))
  var plot: [Cost] = []

  @OptionGroup var options: SessionOptions

  func validate() throws {
    guard plot.isEmpty || !json && (format == .text || format == .markdown) else {
      throw ValidationError("--plot goes with --format text or markdown")
    }
    for id in metric where Metric(rawValue: id) == nil && !AfterTraining.ids.contains(id) {
      let known = (Metric.allCases.map(\.rawValue) + AfterTraining.ids).joined(separator: ", ")
      throw ValidationError("--metric '\(id)' is unknown; expected one of \(known)")
    }
  }

  func run() throws {
    let table = try ResultsTable(options.find(session), split: split)
    let metrics = metric.isEmpty ? nil : metric
    switch json ? .json : format {
    case .text: try Console.shared.print(table.text(metrics: metrics))
    case .markdown: try Console.shared.print(table.markdown(metrics: metrics))
    case .latex: try Console.shared.print(data: table.latex(metrics: metrics))
    case .csv: try Console.shared.print(data: table.csv(metrics: metrics))
    case .json:
      let json = try table.json(metrics: metrics)
      try Console.shared.print(jsonText: String(decoding: json, as: UTF8.self))
    }
    for cost in plot {
      let plot = CostPlot(table, metric: (metrics ?? table.columns).first ?? "", cost: cost)
      try Console.shared.print((["", ""] + plot.lines()).joined(separator: "\n"))
    }
  }
}

/// The results of a session as the terminal shows them: aligned columns, then what to know of them.
extension ResultsTable {
  /// `metrics`: ids of the columns; the session's own when `nil`.
  func text(metrics: [String]? = nil) -> String {
    let cells = cells(metrics: metrics)
    var table = ConsoleTable(cells.first ?? [], numbers: Set(1..<max(2, cells.first?.count ?? 0)))
    for row in cells.dropFirst() { table.append(row) }
    let lines = table.lines
    let rule = String(repeating: "-", count: lines.map(\.columns).max() ?? 0)
    let notes = notes(metrics: metrics).flatMap { $0.visible.wrapped(to: 80) }
    return ([title.visible, "", lines[0], rule] + lines.dropFirst() + [""] + notes)
      .joined(separator: "\n") + "\n"
  }
}

extension ScoredSplit: ExpressibleByArgument {}
extension Cost: ExpressibleByArgument {}
