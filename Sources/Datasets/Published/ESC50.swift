// ESC-50, its part ESC-10, and folders with the same layout: folds, one class per clip.
import Autograd
import Formats
import Foundation
import Layers

/// ESC-50 (Piczak 2015, doi:10.1145/2733373.2806390): `audio/`, and `meta/*.csv` with the columns
/// filename, fold, category and src_file.
public struct ESC50: FoldedDataset {
  public static let card = DatasetCard(
    id: "esc50", title: "ESC-50",
    summary: "Environmental sounds of 5 s in folds, one class a clip; also ESC-10",
    paper: "Piczak 2015, doi:10.1145/2733373.2806390",
    licence: "CC BY-NC 3.0 (ESC-10: CC BY 3.0)", classes: nil, isBuiltIn: false,
    needs: [
      "audio/ with the sound files and meta/esc50.csv of github.com/karolpiczak/ESC-50"
    ],
    options: [
      DatasetOptions.seconds, DatasetOptions.seed, DatasetOptions.testFold,
      DatasetOptions.validationShare,
    ],
    defaults: [
      DefaultSetting("dataset.hiding", HidingRule.none),
      DefaultSetting("training.epochs", 60),
      DefaultSetting("training.augment.bands", 8),
      DefaultSetting("training.augment.frames", 16),
    ])

  public let title: String
  public let classes: [String]
  public let clips: [Clip]
  public let problems: [String]
  public let lost: [Split: Int]
  public let isSingleLabel = true
  public let folds: [Int]
  public let seconds: Double
  public let digest: String
  /// The length to which longer clips are cut by default, in s.
  private static let longest = 5.0

  static let layout = "laid out like ESC-50"
  static let form = FoldForm.esc
  static let tableName = "meta/*.csv with filename, fold and category"

  /// Throws `Problem` with file and line, `AudioError` if the system fails to read a sound, and
  /// `CancellationError`.
  public init(_ settings: DatasetSettings, progress: ProgressHandler? = nil) throws {
    let reading = try ESC50.reading(settings, refusing: true, progress: progress)
    try reading.rows.demandClips()
    title = reading.classes.count == 10 ? "ESC-10" : ESC50.card.title
    (classes, clips, lost) = (reading.classes, reading.rows.clips, reading.rows.lost)
    folds = reading.folds
    problems = reading.rows.problems + reading.problems
    let longest = clips.map(\.seconds).max() ?? ESC50.longest
    seconds = settings.seconds ?? min(ESC50.longest, longest)
    digest = DatasetFolder.digest(classes, clips, sizes: reading.rows.sizes)
  }

  public static func isLaidOut(_ folder: URL) throws -> Bool { try table(in: folder) != nil }

  /// The first table in `meta/` with the required columns. Throws `Problem` if one cannot be read.
  static func table(in root: URL) throws -> URL? {
    let meta = root.appendingPathComponent("meta", isDirectory: true)
    let names = try StoredFile.names(in: meta)
    return try names.filter { $0.hasSuffix(".csv") }.sorted()
      .map { meta.appendingPathComponent($0, isDirectory: false) }
      .first { url in
        guard try StoredFile.isFile(url) else { return false }
        var rows = try DelimitedRows(url)
        // A table whose first row is not text is another one.
        let header: [String]?
        do { header = try rows.next()?.fields } catch let error as Problem
          where error.systemError == nil
        { header = nil }
        return header.map { ["filename", "fold", "category"].allSatisfy($0.contains) } ?? false
      }
  }
}
