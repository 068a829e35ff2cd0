import ArgumentParser
import Formats
import Foundation
import Lab
import Output

/// `scant export RUN`: the curves of a run, or its predictions for clips, for other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the curves or the predictions of a run for other programs.",
    discussion: """
      Curves: csv (header series,step,value) or ndjson (one object per line).
      Predictions for the test clips: csv (clip,split,class,p,label,observed), npz (arrays p, \
      labels, observed, clips, splits, classes), jams (tag_open) or audacity (label tracks); the \
      last two write one file per clip into the folder --out, with the classes that the run's \
      thresholds find.

      Examples:
        scant export runs/b1-s0 --format ndjson > curves.ndjson
        scant export runs/b1-s0 --what predictions > predictions.csv
        scant export runs/b1-s0 --format npz --out predictions.npz
      """)

  @Argument(help: ArgumentHelp("Folder of a run.", valueName: "run"))
  var path: String

  @Option(help: "scalars (the curves) or predictions. Default: what the format is for.")
  var what: ExportSubject?

  @Option(help: "csv, ndjson, npz, jams or audacity.")
  var format = ExportFormat.csv

  @Option(help: ArgumentHelp("Output file or folder. Default: stdout.", valueName: "path"))
  var out: String?

  func validate() throws {
    guard let what, !format.subjects.contains(what) else { return }
    let fitting = ExportFormat.allCases.filter { $0.subjects.contains(what) }.map(\.rawValue)
    throw ValidationError(
      "--what \(what) --format \(format); expected one of \(fitting.joined(separator: ", "))")
  }

  func run() throws {
    let folder = try RunFolder(argument: path)
    switch what ?? format.subjects[0] {
    case .scalars: try writeScalars(folder)
    case .predictions: try PredictionExport(format: format, path: out).write(folder)
    }
  }

  private func writeScalars(_ folder: RunFolder) throws {
    let format: SeriesText = self.format == .ndjson ? .ndjson : .csv
    let (events, skipped) = try EventLog.read(
      folder.events, only: [RunStarted.self, Scalars.self, EvalEnd.self, Distances.self])
    var state = RunState()
    for event in events { state.apply(event) }
    if let out {
      let text = format.text(state.series)
      try AtomicFile.write(Data(text.utf8), to: URL(fileURLWithPath: out))
    } else {
      if let header = format.header { try Console.shared.print(data: header) }
      for (name, series) in state.series.sorted(by: { $0.key < $1.key }) {
        let lines = format.lines(name, series)
        try format == .ndjson
          ? Console.shared.print(jsonText: lines) : Console.shared.print(data: lines)
      }
    }
    if skipped > 0 {
      Console.shared.complain("\(folder.events.path): \(skipped) lines are no events; skipped")
    }
  }
}

enum ExportSubject: String, CaseIterable, ExpressibleByArgument { case scalars, predictions }

enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
  case csv, ndjson, npz, jams, audacity

  /// What it can hold; the first is meant if none is named.
  var subjects: [ExportSubject] {
    switch self {
    case .csv: [.scalars, .predictions]
    case .ndjson: [.scalars]
    case .npz, .jams, .audacity: [.predictions]
    }
  }
}

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
