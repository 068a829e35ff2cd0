// The predictions that a finished run left in its folder.
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
