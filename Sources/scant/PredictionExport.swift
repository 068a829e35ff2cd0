/// `scant export RUN --what predictions`: predictions for clips as a file of another program.
import ArgumentParser
import Formats
import Foundation
import Lab
import Output

struct PredictionExport {
  let format: ExportFormat
  /// A file, or a folder for formats with a file for each clip; nil is stdout.
  let path: String?

  func write(_ folder: RunFolder) throws {
    let interruption = Interruption()
    let (found, decision): (ClipPredictions, Decision)
    do {
      (found, decision) = try RunExecutor().predictions(
        of: folder, progress: Meter().preparation(until: interruption),
        notice: { Console.shared.complain("\(folder.name): \($0)") })
    } catch is CancellationError { throw ExitCode.interrupted }
    switch format {
    // The other formats hold no predictions and are refused before.
    case .csv, .ndjson, .tfevents: try write(found.csv)
    case .npz: try write(npz: found)
    case .jams: try write(found, decision, as: .jams)
    case .audacity: try write(found, decision, as: .audacity)
    }
  }

  private func write(_ text: String) throws {
    guard let path else { return try Console.shared.print(data: text) }
    try AtomicFile.write(Data(text.utf8), to: URL(fileURLWithPath: path))
  }

  private func write(npz found: ClipPredictions) throws {
    guard let path else {
      throw ValidationError("--format npz needs --out; expected the name of a file")
    }
    try AtomicFile.write(try found.npz, to: URL(fileURLWithPath: path))
  }

  private func write(
    _ found: ClipPredictions, _ decision: Decision, as format: PredictionText.Format
  ) throws {
    guard let path else {
      throw ValidationError("--format \(format) needs --out; expected a folder, one file a clip")
    }
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch { throw Problem(path, "cannot be made; expected a folder for one file a clip") }
    let text = PredictionText(decision, pooling: .max)
    for file in try text.files(found.sounds, as: format, at: folder) {
      try AtomicFile.write(file.data, to: file.url)
    }
  }
}
