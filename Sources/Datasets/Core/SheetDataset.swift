// Data sets with one table whose rows name sound files.
import Formats
import Foundation

/// A data set with one table, which one function reads for opening and for checking.
protocol SheetDataset: Dataset {
  /// The layout in the report of a check.
  static var layout: String { get }
  /// Where the split comes from, in the report of a check.
  static var split: String { get }

  /// Reads the table and the header of every file. Faulty rows are logged and left out; with
  /// `refusing`, the first error is thrown before any sound is opened.
  static func reading(
    _ settings: DatasetSettings, refusing: Bool, progress: ProgressHandler?
  ) throws -> SheetReading
}

/// The content of the table.
struct SheetReading {
  let classes: [String]
  var rows: LabelledClips
  /// The folder with the sounds.
  let sounds: URL
  /// Warnings, without those about skipped files.
  let problems: [String]
  let issues: IssueLog
}

extension SheetDataset {
  public static func check(_ settings: DatasetSettings, progress: ProgressHandler?) throws
    -> TableCheck
  {
    let root = try DatasetFolder.root(card, settings)
    var check = TableCheck(root: root.path)
    (check.layout, check.split) = (layout, split)
    try check.noting { check in
      let reading = try reading(settings, refusing: false, progress: progress)
      let rows = reading.rows
      (check.classes, check.clips) = (reading.classes, rows.clips)
      check.places = rows.lines.map(rows.place)
      check.names = rows.clips.map { $0.audio?.lastPathComponent ?? "" }
      check.files = (rows.named, rows.found)
      check.issues = reading.issues
      for problem in rows.skipped { check.issues.append(problem) }
      let unlisted = try UnlistedSounds(in: reading.sounds, beside: rows)
      for line in reading.problems + rows.warnings
        + ClipCheck.classesWithoutScore(reading.classes, rows.clips)
        + unlisted.problems
      {
        check.issues.warn(root.path, line)
      }
    }
    return check
  }
}
