import ArgumentParser
import Formats
import Foundation
import Lab
import Output

/// `scant export RUN`: every curve of a run, one value a line.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write all curves of a run as CSV or NDJSON.",
    discussion: "Example:\n  scant export runs/b1-s0 --format ndjson > curves.ndjson")

  @Argument(help: ArgumentHelp("Folder of a run.", valueName: "run"))
  var path: String

  @Option(help: "csv (header series,step,value) or ndjson (one object per line).")
  var format = SeriesText.csv

  func run() throws {
    let folder = try RunFolder(argument: path)
    let (events, skipped) = try EventLog.read(
      folder.events, only: [RunStarted.self, Scalars.self, EvalEnd.self, Distances.self])
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

/// Files that the workbench writes on demand: beside the session, or else where it was started.
struct Exports {
  /// `exports` in the folder of the session.
  let folder: URL

  init(session: URL) { folder = session.appendingPathComponent("exports") }

  /// Writes under that name, or with a number if the name is taken. Returns the path.
  func write(_ text: String, to name: String) throws -> String {
    let files = FileManager.default
    do {
      try files.createDirectory(at: folder, withIntermediateDirectories: true)
      return try write(text, name, in: folder)
    } catch {
      let here = URL(fileURLWithPath: files.currentDirectoryPath, isDirectory: true)
      return try write(text, name, in: here)
    }
  }

  private func write(_ text: String, _ name: String, in folder: URL) throws -> String {
    let url = URL(fileURLWithPath: name, relativeTo: folder)
    let (stem, suffix) = (url.deletingPathExtension().lastPathComponent, url.pathExtension)
    let names = [name] + (2...999).map { "\(stem)-\($0).\(suffix)" }
    let free = try names.map { folder.appendingPathComponent($0) }
      .first { try !StoredFile.exists($0) }
    let target = free ?? folder.appendingPathComponent(name)
    try AtomicFile.write(Data(text.utf8), to: target)
    return target.relativePath
  }
}
