// A person's table of labels, with answers in its blank cells.
import Formats
import Foundation

/// The table of a folder with a column a class, and the answers that were given to its blank cells.
/// Labels in the table stay. A folder with another layout gets such a table: a list of files and
/// labels, or a folder a class, has no place for the answer that a class is absent.
public struct AnsweredTable: Sendable {
  /// The whole table, separated by commas.
  public let text: String
  /// Cells that an answer has filled.
  public let filled: Int

  /// A yes or no to one class of a clip.
  public struct Answer: Sendable, Hashable {
    let clip, className: String
    let isPresent: Bool

    /// `clip`: its id.
    public init(clip: String, className: String, isPresent: Bool) {
      (self.clip, self.className, self.isPresent) = (clip, className, isPresent)
    }
  }

  /// Sounds without a row get one. A class that one clip of a cut recording has is in the
  /// recording; that a clip lacks it says nothing of the recording. Throws `Problem` where the
  /// folder cannot be read, or has label tracks.
  public init(of root: URL, with answers: [Answer]) throws {
    var (lines, columns) = try Self.table(of: root) ?? Self.newTable(of: root)
    let found = Self.filling(&lines, columns, answers)
    filled = found
    text = lines.map { $0.map(CSVText.quoted).joined(separator: ",") + "\n" }.joined()
  }

  /// Header and rows of a table with a column a class; nil if the folder has none.
  private static func table(of root: URL) throws -> (lines: [[String]], LabelTable.Columns)? {
    guard let url = try LabelTable.find(in: root) else { return nil }
    let (separator, columns) = try LabelTable.form(of: url)
    guard !columns.isList else { return nil }
    var rows = try DelimitedRows(url, separator: separator)
    var lines: [[String]] = []
    while let row = try rows.next() { lines.append(row.fields) }
    return (lines, columns)
  }

  /// The labels of a folder with another layout.
  private static func newTable(of root: URL) throws -> (lines: [[String]], LabelTable.Columns) {
    var issues = IssueLog()
    let labels = try FolderLayout.read(root, SoundListing(root), &issues)
    if let refusal = issues.refusal(Folder.card.id) { throw refusal }
    let recordings = labels.recordings
    var header = ["filename"]
    func column(_ name: String, if isGiven: Bool) -> Int? {
      guard isGiven else { return nil }
      header.append(name)
      return header.count - 1
    }
    let split = column("split", if: recordings.contains { $0.split != nil })
    let group = column("group", if: recordings.contains { $0.group != nil })
    let places = Array(header.count..<header.count + labels.classes.count)
    let columns = LabelTable.Columns(
      width: header.count + places.count, file: 0, split: split, group: group, labels: places,
      isList: false, hasHeader: true)
    let rows = try recordings.map { recording in
      guard case .whole(let known) = recording.labels else {
        throw Problem(
          root.path,
          "label tracks, which name parts of a file; expected labels of whole files, "
            + "so that answers fit into a table")
      }
      return [recording.name] + (split == nil ? [] : [recording.split?.rawValue ?? ""])
        + (group == nil ? [] : [recording.group ?? ""]) + known.map(cell)
    }
    return ([header + labels.classes] + rows, columns)
  }

  /// 1, 0, a probability or nothing.
  private static func cell(_ label: Float?) -> String {
    label.map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" } ?? ""
  }

  private static func filling(
    _ lines: inout [[String]], _ columns: LabelTable.Columns, _ answers: [Answer]
  ) -> Int {
    var places: [String: Int] = [:]
    for (index, fields) in lines.enumerated().dropFirst() where fields.count == columns.width {
      places[fields[columns.file]] = index
    }
    let names = Dictionary(
      columns.labels.map { (lines[0][$0], $0) }, uniquingKeysWith: { first, _ in first })
    var filled = 0
    for answer in answers {
      guard let column = names[answer.className] else { continue }
      let isWhole = places[answer.clip] != nil || !isPart(answer.clip)
      guard isWhole || answer.isPresent else { continue }
      let name = isWhole ? answer.clip : recording(answer.clip)
      if places[name] == nil {
        places[name] = lines.count
        lines.append(Self.row(name, columns))
      }
      guard let place = places[name], lines[place][column].isEmpty else { continue }
      lines[place][column] = answer.isPresent ? "1" : "0"
      filled += 1
    }
    return filled
  }

  /// A row of blank labels.
  private static func row(_ name: String, _ columns: LabelTable.Columns) -> [String] {
    var fields = [String](repeating: "", count: columns.width)
    fields[columns.file] = name
    if let split = columns.split { fields[split] = Split.train.rawValue }
    return fields
  }

  /// Whether an id is that of a part of a recording, `NAME@0-10`.
  private static func isPart(_ id: String) -> Bool { id.contains(/@[0-9.]+-[0-9.]+$/) }

  private static func recording(_ id: String) -> String {
    String(id[..<(id.lastIndex(of: "@") ?? id.endIndex)])
  }
}
