/// `scant table SESSION`: the results table of a session's finished runs.
import ArgumentParser
import Foundation
import Lab
import Metrics
import Output

struct TableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Mean and deviation over seeds, and a paired test against the first method.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, csv, json }

  @Argument(help: "A session's name, its folder or its session.yaml.")
  var session: String

  @Option(help: "How the table is written.")
  var format = Format.text

  @Option(help: ArgumentHelp("A metric's id; repeatable. The session's own if absent."))
  var metric: [String] = []

  @OptionGroup var options: SessionOptions

  func validate() throws {
    for id in metric where Metric(rawValue: id) == nil {
      let known = Metric.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--metric '\(id)' is unknown; expected one of \(known)")
    }
  }

  func run() throws {
    let table = try ResultsTable(options.find(session))
    let metrics = metric.isEmpty ? nil : metric
    switch format {
    case .text: try Console.shared.print(table.text(metrics: metrics))
    case .markdown: try Console.shared.print(table.markdown(metrics: metrics))
    case .csv: try Console.shared.print(data: table.csv(metrics: metrics))
    case .json:
      let json = try table.json(metrics: metrics)
      try Console.shared.print(jsonText: String(decoding: json, as: UTF8.self))
    }
  }
}
