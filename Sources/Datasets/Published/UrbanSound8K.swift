// UrbanSound8K: sounds of a city in ten folds, one class per clip.
import Formats
import Foundation
import Layers

/// UrbanSound8K (Salamon, Jacoby & Bello 2014): `metadata/UrbanSound8K.csv` and
/// `audio/fold1` … `audio/fold10`.
///
/// The published folds keep the excerpts of a recording together; scores are means over all ten
/// (`dataset.testFold`). Drawing folds anew gives scores that are too high.
package struct UrbanSound8K: FoldedDataset {
  package static let card = DatasetCard(
    id: "urbansound8k", title: "UrbanSound8K",
    summary: "City sounds of up to 4 s in ten folds, one of 10 classes a clip",
    paper: "Salamon, Jacoby & Bello 2014, doi:10.1145/2647868.2655045",
    licence: "CC BY-NC 3.0", classes: 10, isBuiltIn: false,
    needs: [
      "metadata/UrbanSound8K.csv and audio/fold1 … audio/fold10 of UrbanSound8K.tar.gz, "
        + "doi:10.5281/zenodo.1203745"
    ],
    options: [
      DatasetOptions.seconds, DatasetOptions.seed, DatasetOptions.testFold,
      DatasetOptions.validationShare,
    ],
    defaults: [DefaultSetting("dataset.hiding", HidingRule.none)])

  package let classes: [String]
  package let clips: [Clip]
  package let problems: [String]
  package let lost: [Split: Int]
  package let folds: [Int]
  package let seconds: Double
  package let digest: String
  package var title: String { UrbanSound8K.card.title }
  package var isSingleLabel: Bool { true }

  static let layout = "as published"
  static let form = FoldForm.urbanSound
  static let tableName = "metadata/UrbanSound8K.csv"
  /// The longest excerpt in s.
  private static let longest = 4.0

  package static let layoutMarks = [tableName]

  package init(_ settings: DatasetSettings, progress: ProgressHandler? = nil) throws {
    let reading = try Self.reading(settings, refusing: true, progress: progress)
    try reading.rows.demandClips()
    (classes, clips, lost) = (reading.classes, reading.rows.clips, reading.rows.lost)
    folds = reading.folds
    problems = reading.rows.problems + reading.problems
    seconds = settings.seconds ?? Self.longest
    digest = DatasetFolder.digest(classes, clips, sizes: reading.rows.sizes)
  }

  static func table(in root: URL) throws -> URL? {
    let table = root.appendingPathComponent(tableName)
    return try StoredFile.isFile(table) ? table : nil
  }
}
