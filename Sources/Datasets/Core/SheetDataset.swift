// Data sets of one table whose rows name sound files: opened and checked by the same reading.
import Foundation

protocol SheetDataset: Dataset {
  /// What a check says of the layout.
  static var layout: String { get }

  /// Reads the table and looks at every file. Faulty rows are logged and left out; with `refusing`
  /// the first of them is thrown before any sound is opened.
  static func reading(
    _ settings: DatasetSettings, refusing: Bool, progress: Ticker?
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
