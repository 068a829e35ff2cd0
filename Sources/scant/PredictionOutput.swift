/// What `scant predict` writes: decisions from probabilities, and the four formats.
import ArgumentParser
import Formats
import Foundation
import Lab
import Metrics
import Output

/// Which classes are found, from calibrated probabilities and the threshold of each class.
struct Decision {
  let classes: [String]
  /// `student` or `teacher`: the network that is the method's result.
  let network: String
  let thresholds: [Float]
  /// Nil where nothing was chosen on validation clips.
  let calibration: Calibration?
  /// Exactly one class is found, the most probable one.
  let isSingleLabel: Bool

  /// Reads the run's calibration, or makes it from the validation clips. Where that cannot be done,
  /// one line says so and the threshold is 0.5. With a `threshold` nothing is looked up.
  init(
    _ folder: RunFolder, _ predictor: Predictor, threshold: Double?, _ interruption: Interruption
  ) throws {
    classes = predictor.classes
    isSingleLabel = predictor.isSingleLabel
    network = ResultNetwork.of(predictor.recipe.method)
    let found = try threshold == nil ? Self.stored(folder, classes, interruption) : nil
    calibration = found?.calibration
    thresholds =
      calibration?.thresholds
      ?? [Float](repeating: Float(threshold ?? 0.5), count: classes.count)
  }

  private static func stored(
    _ folder: RunFolder, _ classes: [String], _ interruption: Interruption
  ) throws -> RunCalibration? {
    if let found = try RunCalibration.read(folder, classes: classes) { return found }
    let meter = Meter()
    do {
      let made = try RunExecutor().calibrate(folder) { preparation in
        meter.show(
          Meter.Reading(
            what: preparation.what, done: preparation.done, total: preparation.total,
            left: preparation.eta))
        return !interruption.isRaised
      }
      if made == nil { say("the validation labels are all of one kind") }
      return made
    } catch is CancellationError { throw ExitCode.interrupted } catch {
      say(sentence(for: error))
      return nil
    }
  }

  private static func say(_ reason: String) {
    Console.shared.say("no thresholds could be chosen on validation clips (\(reason)); 0.5 is used")
  }

  /// The calibrated probabilities of the method's result.
  func probabilities(_ student: [Float], _ teacher: [Float]?) -> [Float] {
    let raw = network == "teacher" ? teacher ?? student : student
    return calibration?.calibrated(raw) ?? raw
  }

  /// Indices of the classes that are found.
  func found(_ probabilities: [Float]) -> [Int] {
    if isSingleLabel {
      return probabilities.indices.max { probabilities[$0] < probabilities[$1] }.map { [$0] } ?? []
    }
    return probabilities.indices.filter { probabilities[$0] >= thresholds[$0] }
  }
}

/// Part of a recording in which a class was found.
struct FoundRegion: Equatable {
  let start, end: Double
  let name: String

  /// Neighbouring and overlapping windows are joined. By start, then by the order of the classes.
  static func all(in prediction: SoundPrediction, _ decision: Decision) -> [FoundRegion] {
    var regions: [[FoundRegion]] = decision.classes.map { _ in [] }
    for window in prediction.windows {
      let probabilities = decision.probabilities(window.student, window.teacher)
      for index in decision.found(probabilities) {
        let last = regions[index].last
        let joins = last.map { window.start <= $0.end + 1e-6 } ?? false
        if joins { regions[index].removeLast() }
        regions[index].append(
          FoundRegion(
            start: joins ? last?.start ?? window.start : window.start, end: window.end,
            name: decision.classes[index]))
      }
    }
    return regions.flatMap { $0 }.sorted { $0.start < $1.start }
  }
}

struct PredictionOutput {
  let format: PredictionFormat
  let predictor: Predictor
  let decision: Decision
  let pooling: WindowPooling
  let top: Int
  let path: String?

  func write(_ found: [SoundPrediction]) throws {
    switch format {
    case .json: try write(json: found)
    case .audacity: try write(tracks: found)
    case .table: if !found.isEmpty { try write(text: table(found) + "\n") }
    case .csv: try write(data: csv(found))
    }
  }

  private func write(text: String) throws {
    if let path { try save(text, path) } else { try Console.shared.print(text) }
  }

  private func write(data: String) throws {
    if let path { try save(data, path) } else { try Console.shared.print(data: data) }
  }

  private func save(_ text: String, _ path: String) throws {
    try AtomicFile.write(Data(text.utf8), to: URL(fileURLWithPath: path))
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
        let at = regions.filter { $0.name == name }.map { "\(clock($0.start))–\(clock($0.end))" }
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

  // MARK: csv

  /// `file,start,end,<class>,…`: one row a window, calibrated probabilities.
  func csv(_ found: [SoundPrediction]) -> String {
    let header = ["file", "start", "end"] + decision.classes.map(CSVText.quoted)
    let rows = found.flatMap { prediction in
      prediction.windows.map { window in
        [CSVText.quoted(prediction.file), window.start.fixed(3), window.end.fixed(3)]
          + decision.probabilities(window.student, window.teacher).map { Double($0).fixed(6) }
      }
    }
    return ([header] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
  }
}

// MARK: Audacity

extension PredictionOutput {
  /// `start⇥end⇥class`, the format of Audacity's label tracks. Tabs and newlines in a class become
  /// spaces.
  private func track(_ prediction: SoundPrediction) -> String {
    FoundRegion.all(in: prediction, decision).map { region in
      let name = region.name.map { $0.isNewline || $0 == "\t" ? " " : $0 }
      return "\(region.start.fixed(6))\t\(region.end.fixed(6))\t\(String(name))\n"
    }.joined()
  }

  private func write(tracks found: [SoundPrediction]) throws {
    if found.count == 1, let only = found.first, try !isFolder {
      return try write(data: track(only))
    }
    guard let path else {
      guard !found.isEmpty else { return }
      throw LabError(
        "--format audacity of \(found.count) files; expected --out with a folder for the tracks")
    }
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch { throw Problem(path, "cannot be made; expected a folder for label tracks") }
    var taken: Set<String> = []
    for prediction in found {
      let stem = URL(fileURLWithPath: prediction.file).deletingPathExtension().lastPathComponent
      var name = stem
      var number = 1
      while !taken.insert(name).inserted {
        number += 1
        name = "\(stem)-\(number)"
      }
      try save(track(prediction), folder.appendingPathComponent(name + ".txt").path)
    }
  }

  private var isFolder: Bool {
    get throws { try path.map { try StoredFile.isFolder(URL(fileURLWithPath: $0)) } ?? false }
  }
}

// MARK: JSON

extension PredictionOutput {
  private struct Report: Encodable {
    struct Window: Encodable {
      let start, end: Double
      let probabilities: [String: Float]
      let found: [String]
    }
    struct File: Encodable {
      let file: String
      let seconds: Double
      let student: [String: Float]
      let teacher: [String: Float]?
      let probabilities: [String: Float]
      let found: [String]
      let windows: [Window]
    }
    struct Calibrated: Encodable {
      let temperature, errorBefore: Double
      let errorAfter: Double?
      let clips: Int
    }
    let classes: [String]
    let network: String
    let thresholds: [String: Float]
    let calibration: Calibrated?
    let files: [File]
  }

  private func write(json found: [SoundPrediction]) throws {
    let report = Report(
      classes: decision.classes, network: decision.network,
      thresholds: named(decision.thresholds),
      calibration: decision.calibration.map {
        Report.Calibrated(
          temperature: $0.temperature, errorBefore: $0.errorBefore, errorAfter: $0.errorAfter,
          clips: $0.clips)
      }, files: found.map(file))
    guard let path else { return try Console.shared.print(json: report) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(try encoder.encode(report), to: URL(fileURLWithPath: path))
  }

  private func file(_ prediction: SoundPrediction) -> Report.File {
    let pooled = prediction.pooled(pooling)
    let probabilities = decision.probabilities(pooled.student, pooled.teacher)
    return Report.File(
      file: prediction.file, seconds: prediction.seconds, student: named(pooled.student),
      teacher: pooled.teacher.map(named), probabilities: named(probabilities),
      found: decision.found(probabilities).map { decision.classes[$0] },
      windows: prediction.windows.map { window in
        let values = decision.probabilities(window.student, window.teacher)
        return Report.Window(
          start: window.start, end: window.end, probabilities: named(values),
          found: decision.found(values).map { decision.classes[$0] })
      })
  }

  private func named(_ values: [Float]) -> [String: Float] {
    Dictionary(zip(decision.classes, values), uniquingKeysWith: { first, _ in first })
  }
}

/// Seconds as `1:02:03`, `2:03`, or `2:03.5` if the second is not whole.
private func clock(_ seconds: Double) -> String {
  let tenths = Int((seconds * 10).rounded())
  let (second, minute, hour) = (tenths / 10 % 60, tenths / 600 % 60, tenths / 36_000)
  let fraction = tenths % 10 == 0 ? "" : ".\(tenths % 10)"
  let rest = String(format: "%02d", second) + fraction
  return hour > 0
    ? "\(hour):" + String(format: "%02d:", minute) + rest : "\(minute):\(rest)"
}
