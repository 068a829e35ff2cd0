// Data sets with one table whose rows name sound files.
import Formats
import Foundation

/// A data set with one table, which one function reads for opening and for checking.
protocol SheetDataset: Dataset {
  /// The layout in the report of a check.
  static var layout: String { get }

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

/// Sound files that no row of the table names.
struct UnlistedSounds {
  private(set) var count = 0
  private var first = ""
  private let table: String
  private let root: String

  private static let endings: Set = [
    "aif", "aifc", "aiff", "au", "caf", "flac", "m4a", "mp3", "oga", "ogg", "opus", "rf64", "w64",
    "wav", "wave",
  ]

  /// Searches below `folder`, without hidden files and linked folders. Throws `Problem` if a folder
  /// cannot be read.
  init(in folder: URL, beside rows: LabelledClips) throws {
    table = rows.table.lastPathComponent
    root = folder.path
    let named = Set(
      (rows.clips.compactMap { $0.audio?.path } + rows.skippedPaths).map(ByteText.init))
    try look(in: root, named)
  }

  private mutating func look(in folder: String, _ named: Set<ByteText>) throws {
    for name in try StoredFile.names(in: folder) where name.utf8.first != 0x2E {
      let path = "\(folder)/\(name)"
      if UnlistedSounds.endings.contains(ending(name)) {
        if !named.contains(ByteText(text: path)), try StoredFile.kind(path) == .file { note(path) }
      } else if try StoredFile.isOwnFolder(path) {
        try look(in: path, named)
      }
    }
  }

  private func ending(_ name: String) -> String {
    guard let dot = name.utf8.lastIndex(of: 0x2E) else { return "" }
    return name[name.utf8.index(after: dot)...].lowercased()
  }

  private mutating func note(_ path: String) {
    let name = String(path.dropFirst(root.count + 1))
    if count == 0 || name < first { first = name }
    count += 1
  }

  var problems: [String] {
    switch count {
    case 0: []
    case 1: ["1 sound file that no row of \(table) names: \(first)"]
    default: ["\(count) sound files that no row of \(table) names, such as \(first)"]
    }
  }
}
