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
      Curves: csv (header series,step,value), ndjson (one object per line), npz (for each curve \
      NAME/step and NAME/value), or tfevents, an event file for TensorBoard that is added to the \
      folder --out. RUN may be a log of another program too, as scant watch reads it.

      Predictions for the test clips: csv (clip,split,class,p,label,observed), npz (arrays p, \
      labels, observed, clips, splits, classes), jams (tag_open) or audacity (label tracks); the \
      last two write one file per clip into the folder --out, with the classes that the run's \
      thresholds find.

      Examples:
        scant export runs/b1-s0 --format ndjson > curves.ndjson
        scant export runs/b1-s0 --format tfevents --out logs/b1-s0 && tensorboard --logdir logs
        scant export runs/b1-s0 --what predictions > predictions.csv
        scant export runs/b1-s0 --what predictions --format npz --out predictions.npz
      """)

  @Argument(
    help: ArgumentHelp("Folder of a run.", valueName: "run"), completion: Completions.runs)
  var path: String

  @Option(help: "scalars (the curves) or predictions. Default: what the format is for.")
  var what: ExportSubject?

  @Option(help: "csv, ndjson, tfevents, npz, jams or audacity.")
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
    guard (what ?? format.subjects[0]) == .scalars else {
      return try PredictionExport(format: format, path: out).write(RunFolder(argument: path))
    }
    let curves = try ExportedCurves(path)
    switch format {
    case .tfevents: try write(curves.tfevents(), named: curves.eventFileName)
    case .npz: try write(curves.npz(), named: nil)
    default: try write(curves.state, format == .ndjson ? .ndjson : .csv)
    }
  }

  private func write(_ state: RunState, _ format: SeriesText) throws {
    if let out {
      return try AtomicFile.write(
        Data(format.text(state.series).utf8), to: URL(fileURLWithPath: out))
    }
    if let header = format.header { try Console.shared.print(data: header) }
    for (name, series) in state.series.sorted(by: { $0.key < $1.key }) {
      let lines = format.lines(name, series)
      try format == .ndjson
        ? Console.shared.print(jsonText: lines) : Console.shared.print(data: lines)
    }
  }

  /// `name`: in the folder `--out`, which is made; nil if `--out` is a file.
  private func write(_ data: Data, named name: String?) throws {
    guard let out else {
      guard isatty(STDOUT_FILENO) == 0 else {
        throw ValidationError("\(format.rawValue) on a terminal; expected --out or a pipe")
      }
      return try Console.shared.print(bytes: data)
    }
    var url = URL(fileURLWithPath: out)
    if let name {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      url.appendPathComponent(name)
    }
    try AtomicFile.write(data, to: url)
  }
}

enum ExportSubject: String, CaseIterable, ExpressibleByArgument { case scalars, predictions }

enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
  case csv, ndjson, tfevents, npz, jams, audacity

  /// What it can hold; the first is meant if none is named.
  var subjects: [ExportSubject] {
    switch self {
    case .csv, .npz: [.scalars, .predictions]
    case .ndjson, .tfevents: [.scalars]
    case .jams, .audacity: [.predictions]
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
