// The predictions that a finished run left in its folder, and its scores on validation clips.
import Formats
import Foundation
import Metrics

/// Test probabilities of a run, by clip.
package struct RunPredictions: Sendable, Equatable {
  /// In the order of the file.
  package let clips: [String]
  /// [clips, classes], row-major.
  package let scores: [Float]

  /// Throws `Problem` where the files are not those of a run with this number of classes.
  package init(reading folder: RunFolder, classes: Int) throws {
    let (shape, values) = try NPY.read(folder.predictions)
    let rows = try DelimitedText.read(folder.clips).rows.map { $0.fields[0] }
    guard shape == [rows.count, classes] else {
      throw Problem(
        folder.predictions.path,
        "has shape \(shape); expected \([rows.count, classes]), clips and classes")
    }
    (clips, scores) = (rows, values)
  }
}

/// How a candidate is judged: never by the test.
package enum ValidationScore {
  /// The headline score of a finished run on its validation clips, of the epoch that was kept; nil
  /// where it is undefined, as without labels there.
  static func of(_ folder: RunFolder, _ metric: Metric) throws -> Double? {
    let record = try RunRecord(reading: folder)
    let curve = record.curve(metric.rawValue, of: .result).map(\.value)
    return record.settings["training.select"] == TrainingSettings.last ? curve.last : curve.max()
  }

  /// The best of several runs, the first of equal ones, with its score; nil for none. Undefined
  /// scores are below all others.
  package static func best(
    of candidates: [(name: String, score: Double?)]
  ) -> (name: String, score: Double?)? {
    guard var best = candidates.first else { return nil }
    for other in candidates.dropFirst() {
      guard let score = other.score, score > best.score ?? -.infinity else { continue }
      best = other
    }
    return best
  }
}
