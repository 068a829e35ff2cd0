/// `scant export RUN`: every curve of a run, one value a line.
import ArgumentParser
import Foundation
import Lab

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "All series of a run as CSV or NDJSON.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case csv, ndjson }

  @Argument(help: ArgumentHelp("The folder of a run.", valueName: "run"))
  var path: String

  @Option(help: "csv: series,step,value with a header; ndjson: one object a line.")
  var format = Format.csv

  func run() throws {
    let folder = try RunFolder(argument: path)
    let (events, skipped) = try EventLog.read(
      folder.events, kinds: [.hello, .scalars, .evalEnd, .distances])
    var state = RunState()
    for event in events { state.apply(event) }
    if format == .csv { try Console.shared.print("series,step,value") }
    for (name, series) in state.series.sorted(by: { $0.key < $1.key }) {
      let lines = zip(series.steps, series.values).map { line(name, $0, $1) }
      try Console.shared.print(lines.joined(separator: "\n"))
    }
    if skipped > 0 {
      Console.shared.complain("\(folder.events.path): \(skipped) lines are no events; skipped")
    }
  }

  private func line(_ series: String, _ step: UInt32, _ value: Float) -> String {
    switch format {
    case .csv: "\(Self.quoted(series)),\(step),\(value)"
    case .ndjson:
      "{\"series\":\(Self.json(series)),\"step\":\(step),"
        + "\"value\":\(value.isFinite ? "\(value)" : "\"\(value)\"")}"
    }
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\""
  }

  private static func json(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let data = try? encoder.encode(text) else { return "\"\"" }
    return String(decoding: data, as: UTF8.self)
  }
}
