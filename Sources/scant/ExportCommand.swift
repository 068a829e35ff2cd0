/// `scant export RUN`: every curve of a run, one value a line.
import ArgumentParser
import Foundation
import Lab
import Output

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "All series of a run as CSV or NDJSON.")

  @Argument(help: ArgumentHelp("The folder of a run.", valueName: "run"))
  var path: String

  @Option(help: "csv: series,step,value with a header; ndjson: one object a line.")
  var format = SeriesText.csv

  func run() throws {
    let folder = try RunFolder(argument: path)
    let (events, skipped) = try EventLog.read(
      folder.events, kinds: [.hello, .scalars, .evalEnd, .distances])
    var state = RunState()
    for event in events { state.apply(event) }
    if let header = format.header { try Console.shared.print(data: header) }
    for (name, series) in state.series.sorted(by: { $0.key < $1.key }) {
      let lines = format.lines(name, series)
      try format == .ndjson
        ? Console.shared.print(jsonText: lines) : Console.shared.print(data: lines)
    }
    if skipped > 0 {
      Console.shared.complain("\(folder.events.path): \(skipped) lines are no events; skipped")
    }
  }
}

extension SeriesText: ExpressibleByArgument {}
