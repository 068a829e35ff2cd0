// Predictions for sound files as text: CSV, JSON and label tracks.
import Formats
import Foundation
import Metrics

/// What is written about predictions of sound files.
public struct PredictionText: Sendable {
  public enum Format: String, Sendable, CaseIterable {
    case csv, json
    /// A label track.
    case audacity
    /// JSON Annotated Music Specification, namespace `tag_open`.
    case jams

    /// The usual ending of a file's name, without the point.
    public var ending: String { self == .audacity ? "txt" : rawValue }

    /// Whether each sound has a file of its own.
    public var isPerSound: Bool { self == .audacity || self == .jams }
  }

  public let decision: Decision
  public let pooling: WindowPooling

  public init(_ decision: Decision, pooling: WindowPooling) {
    (self.decision, self.pooling) = (decision, pooling)
  }

  /// `file,start,end,<class>,…`: one row a window, calibrated probabilities.
  public func csv(_ found: [SoundPrediction]) -> String {
    let header = ["file", "start", "end"] + decision.classes.map(CSVText.quoted)
    let rows = found.flatMap { prediction in
      prediction.windows.map { window in
        [CSVText.quoted(prediction.file), Self.fixed(window.start, 3), Self.fixed(window.end, 3)]
          + decision.probabilities(window.student, window.teacher).map {
            Self.fixed(Double($0), 6)
          }
      }
    }
    return ([header] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// `start⇥end⇥class`, the format of Audacity's label tracks. Tabs and newlines in a class become
  /// spaces.
  public func track(_ prediction: SoundPrediction) -> String {
    FoundRegion.all(in: prediction, decision).map { region in
      let name = region.name.map { $0.isNewline || $0 == "\t" ? " " : $0 }
      return "\(Self.fixed(region.start, 6))\t\(Self.fixed(region.end, 6))\t\(String(name))\n"
    }.joined()
  }

  /// The text of one sound in a format that has a file for each.
  public func text(_ prediction: SoundPrediction, as format: Format) throws -> String {
    format == .jams
      ? try JAMSText(prediction, decision).text : track(prediction)
  }

  /// The text of each file under a file name of its own.
  public func tracks(
    _ found: [SoundPrediction], as format: Format = .audacity
  ) throws -> [(name: String, text: String)] {
    var taken: Set<String> = []
    return try found.map { prediction in
      let stem = URL(fileURLWithPath: prediction.file).deletingPathExtension().lastPathComponent
      var name = stem
      var number = 1
      while !taken.insert(name).inserted {
        number += 1
        name = "\(stem)-\(number)"
      }
      return ("\(name).\(format.ending)", try text(prediction, as: format))
    }
  }

  /// The files of a format that are to be written at a path: one, or for tracks of several files
  /// one each in that folder.
  ///
  /// - Throws: One line if `url` is a folder and expected to be a file.
  public func files(
    _ found: [SoundPrediction], as format: Format, at url: URL
  ) throws -> [(url: URL, data: Data)] {
    let isFolder = try StoredFile.isFolder(url)
    if format.isPerSound, isFolder || found.count != 1 {
      return try tracks(found, as: format).map {
        (url.appendingPathComponent($0.name), Data($0.text.utf8))
      }
    }
    guard !isFolder else {
      throw Problem(url.relativePath, "a folder; expected a name for the file")
    }
    switch format {
    case .csv: return [(url, Data(csv(found).utf8))]
    case .json: return [(url, try report(found).json)]
    case .audacity, .jams:
      return try found.map { (url, Data(try text($0, as: format).utf8)) }
    }
  }

  /// With that number of digits after the point, in any locale.
  private static func fixed(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
}

/// Everything about predictions of sound files, to be written as JSON.
public struct PredictionReport: Encodable, Sendable {
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

  /// Sorted keys, indented.
  public var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(self)
    }
  }
}

extension PredictionText {
  public func report(_ found: [SoundPrediction]) -> PredictionReport {
    PredictionReport(
      classes: decision.classes, network: decision.network,
      thresholds: named(decision.thresholds),
      calibration: decision.calibration.map {
        PredictionReport.Calibrated(
          temperature: $0.temperature, errorBefore: $0.errorBefore, errorAfter: $0.errorAfter,
          clips: $0.clips)
      }, files: found.map(file))
  }

  private func file(_ prediction: SoundPrediction) -> PredictionReport.File {
    let pooled = prediction.pooled(pooling)
    let probabilities = decision.probabilities(pooled.student, pooled.teacher)
    return PredictionReport.File(
      file: prediction.file, seconds: prediction.seconds, student: named(pooled.student),
      teacher: pooled.teacher.map(named), probabilities: named(probabilities),
      found: decision.found(probabilities).map { decision.classes[$0] },
      windows: prediction.windows.map { window in
        let values = decision.probabilities(window.student, window.teacher)
        return PredictionReport.Window(
          start: window.start, end: window.end, probabilities: named(values),
          found: decision.found(values).map { decision.classes[$0] })
      })
  }

  private func named(_ values: [Float]) -> [String: Float] {
    Dictionary(zip(decision.classes, values), uniquingKeysWith: { first, _ in first })
  }
}
