/// What `scant predict` writes: a table, or the formats of `PredictionText`.
import ArgumentParser
import Formats
import Foundation
import Lab
import Metrics
import Output

struct PredictionOutput {
  let format: PredictionFormat
  let decision: Decision
  let pooling: WindowPooling
  let top: Int
  let path: String?

  private var text: PredictionText { PredictionText(decision, pooling: pooling) }

  func write(_ found: [SoundPrediction]) throws {
    switch format {
    case .json: try write(json: found)
    case .audacity: try write(tracks: found, as: .audacity)
    case .jams: try write(tracks: found, as: .jams)
    case .table: if !found.isEmpty { try write(text: table(found) + "\n") }
    case .csv: try write(data: text.csv(found))
    }
  }

  private func write(text: String) throws {
    if let path { try save(text, path) } else { try Console.shared.print(text) }
  }

  private func write(data: String) throws {
    if let path { try save(data, path) } else { try Console.shared.print(data: data) }
  }

  private func write(json found: [SoundPrediction]) throws {
    let report = text.report(found)
    guard let path else { return try Console.shared.print(json: report) }
    try AtomicFile.write(try report.json, to: URL(fileURLWithPath: path))
  }

  private func save(_ text: String, _ path: String) throws {
    try AtomicFile.write(Data(text.utf8), to: URL(fileURLWithPath: path))
  }

  private func write(tracks found: [SoundPrediction], as format: PredictionText.Format) throws {
    if found.count == 1, let only = found.first, try !isFolder {
      return try write(data: text.text(only, as: format))
    }
    guard let path else {
      guard !found.isEmpty else { return }
      throw LabError(
        "--format \(format) of \(found.count) files; expected --out with a folder for them")
    }
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch { throw Problem(path, "cannot be made; expected a folder for one file a sound") }
    for track in try text.tracks(found, as: format) {
      try save(track.text, folder.appendingPathComponent(track.name).path)
    }
  }

  private var isFolder: Bool {
    get throws { try path.map { try StoredFile.isFolder(URL(fileURLWithPath: $0)) } ?? false }
  }

  // MARK: table

  /// The most probable classes of each file, and where they are in it.
  func table(_ found: [SoundPrediction]) -> String {
    let hasWindows = found.contains { $0.windows.count > 1 }
    var table = ConsoleTable(
      ["file", "class", "probability", "threshold", "found"] + (hasWindows ? ["at"] : []),
      numbers: [2, 3])
    for prediction in found {
      let pooled = prediction.pooled(pooling)
      let values = decision.probabilities(pooled.student, pooled.teacher)
      let regions = FoundRegion.all(in: prediction, decision)
      let present = Set(decision.found(values))
      let order = values.indices.sorted { values[$0] > values[$1] }.prefix(top)
      for (rank, index) in order.enumerated() {
        let name = decision.classes[index]
        let at = regions.filter { $0.name == name }.map {
          "\(FoundRegion.clock($0.start))–\(FoundRegion.clock($0.end))"
        }
        table.append(
          [
            rank == 0 ? prediction.file : "", name, Double(values[index]).fixed(3),
            decision.isSingleLabel ? "–" : Double(decision.thresholds[index]).fixed(3),
            present.contains(index) ? "yes" : "no",
          ] + (hasWindows ? [at.joined(separator: " ")] : []))
      }
    }
    return ([table.text] + footer).joined(separator: "\n")
  }

  private var footer: [String] {
    guard let calibration = decision.calibration else { return [] }
    let after = calibration.errorAfter.map { ", \($0.fixed(3)) with it" } ?? ""
    return [
      "",
      "thresholds and temperature \(calibration.temperature.fixed(2)) from "
        + "\(calibration.clips) validation clips; calibration error "
        + "\(calibration.errorBefore.fixed(3)) without temperature\(after)",
    ]
  }
}
