// Data sets of one table whose rows name sound files: opened and checked by the same reading.
import Formats
import Foundation

protocol SheetDataset: Dataset {
  /// What a check says of the layout.
  static var layout: String { get }

  /// Reads the table and looks at every file. Faulty rows are logged and left out; with `refusing`
  /// the first of them is thrown before any sound is opened.
  static func reading(
    _ settings: DatasetSettings, refusing: Bool, progress: ProgressHandler?
  ) throws -> SheetReading
}

struct SheetReading {
  let classes: [String]
  var rows: LabelledClips
  /// The folder in which sounds lie.
  let sounds: URL
  /// What looks wrong beside the files left out.
  let problems: [String]
  let issues: IssueLog
}

extension SheetDataset {
  public static func check(_ settings: DatasetSettings, progress: ProgressHandler?) throws
    -> TableCheck
  {
    let root = try DatasetFolder.root(card, settings)
    var check = TableCheck(root: root.path)
    check.layout = layout
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
      for line in reading.problems + ClipCheck.classesWithoutScore(reading.classes, rows.clips)
        + unlisted.problems
      {
        check.issues.odd(root.path, line)
      }
    }
    return check
  }
}
