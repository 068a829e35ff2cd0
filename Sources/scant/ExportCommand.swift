import ArgumentParser
import Formats
import Foundation
import Lab
import Output

/// `scant export RUN`: every curve of a run.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write all curves of a run as CSV, NDJSON, tfevents or npz.",
    discussion: """
      RUN may be a log of another program too, as scant watch reads it. tfevents is an event file
      for TensorBoard: --out names a folder, to which it is added.

      Examples:
        scant export runs/b1-s0 --format ndjson > curves.ndjson
        scant export runs/b1-s0 --format tfevents --out logs/b1-s0 && tensorboard --logdir logs
      """)

  @Argument(help: ArgumentHelp("Folder of a run.", valueName: "run"))
  var path: String

  @Option(
    help: """
      csv (header series,step,value), ndjson (one object per line), tfevents, or npz (for each \
      curve NAME/step and NAME/value).
      """)
  var format = CurveFormat.csv

  @Option(
    help: ArgumentHelp(
      "Write there instead of to stdout; for tfevents a folder.", valueName: "file"))
  var out: String?

  func run() throws {
    let curves = try ExportedCurves(path)
    switch format {
    case .csv, .ndjson: try write(curves.state, format.text ?? .csv)
    case .tfevents: try write(curves.tfevents(), named: curves.eventFileName)
    case .npz: try write(curves.npz(file: out ?? "stdout"), named: nil)
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
