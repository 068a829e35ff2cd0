// MagnaTagATune: music clips of 29 s with tags from a game.
import Formats
import Foundation

/// MagnaTagATune (Law et al. 2009): annotations_final.csv.
///
/// As in Won et al. 2020, the classes are the 50 tags with most clips, the first hexadecimal digit
/// of the path is the split (0–b, c, d–f), and clips without any of the tags are left out. Every
/// label is observed.
package struct MagnaTagATune: PublishedDataset {
  package static let card = DatasetCard(
    id: "magnatagatune", title: "MagnaTagATune",
    summary: "The 50 most used tags of music clips of 29 s",
    paper: "Law et al. 2009, ISMIR; split: Won et al. 2020", licence: "CC BY-NC-SA 3.0",
    classes: top, isBuiltIn: false,
    needs: [
      "annotations_final.csv of mirg.city.ac.uk/codeapps/the-magnatagatune-dataset",
      "audio/0/*.mp3 … audio/f/*.mp3 of its mp3.zip, for training on sound",
    ],
    options: [DatasetOptions.seconds])

  let contents: PublishedContents

  static let top = 50
  static let folders = ["audio", "mp3", ""]

  package static let layoutMarks = ["annotations_final.csv", "top20_labels.csv"]

  package static func annotations(
    _ root: URL, _ settings: DatasetSettings, thorough: Bool
  ) throws -> Annotations {
    let url = root.appendingPathComponent("annotations_final.csv")
    guard try StoredFile.isFile(url) else {
      return try MTATReduced.annotations(root, thorough: thorough)
    }
    var result = Annotations()
    result.seconds = 29.1
    result.folders = folders
    let table = try MTATTable(url, &result.issues)
    let tags = table.mostUsed(top)
    result.classes = tags.map { table.tags[$0] }
    result.entries = table.rows.compactMap { row in
      let labels: [Float?] = tags.map { row.tags[$0] ? 1 : 0 }
      guard labels.contains(1) else { return nil }
      return Annotations.Entry(
        id: row.id, files: [row.path], split: row.split, labels: labels,
        group: MTATTable.track(row.path), table: url.path, line: row.line)
    }
    result.counts = counts(table, result)
    return result
  }

  private static func counts(_ table: MTATTable, _ set: Annotations) -> [DataCount] {
    [
      DataCount(
        "annotation rows and tag columns", published: [25_863, 188],
        found: [table.rows.count, table.tags.count]),
      DataCount(
        "clips in train, validation and test", published: [15_244, 1_529, 4_332],
        found: Split.allCases.map(set.count)),
      DataCount("clips", published: 21_105, found: set.entries.count),
    ]
  }
}

/// The rows of annotations_final.csv: clip_id, a column of 0 and 1 for each tag, mp3_path.
struct MTATTable {
  struct Row {
    let id: String
    let path: String
    let split: Split
    let tags: [Bool]
    let line: Int
  }

  let tags: [String]
  private(set) var rows: [Row] = []

  init(_ url: URL, _ issues: inout IssueLog) throws {
    let table = try AnnotationTable(url, separator: "\t", habits: [.quotes])
    guard table.header.count > 2, table.header.first == "clip_id", table.header.last == "mp3_path"
    else {
      throw Problem(
        url.path, line: 1, "\(table.header.count) columns; expected clip_id, tags and mp3_path")
    }
    tags = Array(table.header.dropFirst().dropLast())
    var lines: [String: Int] = [:]
    table.read(&issues) { row throws(Problem) in
      let (id, path) = (row.fields[0], row.fields[row.fields.count - 1])
      guard let split = MTATTable.split(path) else {
        throw row.error("path \"\(path)\"; expected one in a folder 0…f")
      }
      if let first = lines.updateValue(row.line, forKey: id) {
        throw row.error("clip \(id) again, first on line \(first); expected one row per clip")
      }
      let marks = try MTATTable.marks(row.fields.dropFirst().dropLast(), row)
      rows.append(Row(id: id, path: path, split: split, tags: marks, line: row.line))
    }
  }

  /// Whether each cell of a row whose first field is the clip is 1 and not 0.
  static func marks(
    _ cells: ArraySlice<String>, _ row: AnnotationTable.Row
  ) throws(Problem) -> [Bool] {
    try cells.map { cell throws(Problem) in
      guard cell == "1" || cell == "0" else {
        throw row.error("\"\(cell)\" for a tag of clip \(row.fields[0]); expected 1 or 0")
      }
      return cell == "1"
    }
  }

  /// The split of the folder's digit; nil if the path does not begin with one.
  static func split(_ path: String) -> Split? {
    guard path.dropFirst().first == "/", let digit = path.first?.hexDigitValue else { return nil }
    return digit < 12 ? .train : digit < 13 ? .validation : .test
  }

  /// The track of a clip; its clips differ in the seconds at the end of their names.
  static func track(_ path: String) -> String {
    let parts = path.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count > 2 ? parts.dropLast(2).joined(separator: "-") : path
  }

  /// The columns with most positives over all rows. Of equal columns the later one is first, as in
  /// a reversed ascending order.
  func mostUsed(_ count: Int) -> [Int] {
    var sums = [Int](repeating: 0, count: tags.count)
    for row in rows {
      for (k, isSet) in row.tags.enumerated() where isSet { sums[k] += 1 }
    }
    return Array(sums.indices.sorted { (sums[$0], $0) > (sums[$1], $1) }.prefix(count))
  }
}
