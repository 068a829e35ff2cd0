// A person's table of labels, with answers in its blank cells.
import Formats
import Foundation

/// The table of a folder with a column a class, and the answers that were given to its blank cells.
/// Labels in the table stay.
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
  /// folder has no such table.
  public init(of root: URL, with answers: [Answer]) throws {
    let expected = "expected a table with a column a class, so that answers fit in"
    guard let url = try LabelTable.find(in: root) else {
      throw Problem(root.path, "no table of labels; \(expected)")
    }
    let (separator, columns) = try LabelTable.form(of: url)
    guard !columns.isList else {
      throw Problem(url.path, "a table of files and labels; \(expected)")
    }
    var rows = try DelimitedRows(url, separator: separator)
    guard let header = try rows.next()?.fields else {
      throw Problem(url.path, "empty; \(expected)")
    }
    var lines = [header]
    while let row = try rows.next() { lines.append(row.fields) }
    let found = Self.filling(&lines, columns, answers)
    filled = found
    text = lines.map { $0.map(CSVText.quoted).joined(separator: ",") + "\n" }.joined()
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
