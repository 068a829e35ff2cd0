// The rows of a person's table of labels, checked one by one.
import Formats
import Foundation

/// Collects the rows of one `LabelTable`.
struct RowCollector {
  private let table: URL
  private let columns: LabelTable.Columns
  /// Empty for a table whose cells name the classes.
  private let classes: [String]
  private let listSeparators: Set<Character>
  private var rows: [Row] = []
  /// Files that rows name, those of faulty rows too.
  private(set) var named: Set<ByteText> = []
  /// Of a list: the row that named a file first, by its line.
  private var places: [Int: Int] = [:]

  private struct Row {
    let name: String
    let url: URL
    let split: Split?
    let group: String?
    let line: Int
    /// One entry a class; of a list empty.
    let labels: [Float?]
    /// Of a list: classes that apply.
    var names: [String]
  }

  init(
    _ table: URL, _ columns: LabelTable.Columns, _ classes: [String], _ separator: Character
  ) {
    self.table = table
    self.columns = columns
    self.classes = classes
    listSeparators = separator == ";" ? [",", "|", ";"] : [";", "|"]
  }

  var count: Int { rows.count }

  /// Throws what is wrong with a row. A list may name a file in several rows.
  mutating func add(
    _ row: AnnotationTable.Row, _ roster: inout FileRoster, _ alike: inout IssueLog
  ) throws(Problem) {
    named.insert(ByteText(text: row.fields[columns.file]))
    var labels: [Float?] = []
    if !columns.isList {
      for (name, column) in zip(classes, columns.labels) {
        labels.append(try label(row, column, of: name))
      }
    }
    let names = columns.isList ? list(row.fields[columns.labels[0]]) : []
    let isKnown = !names.isEmpty || labels.contains { $0 != nil }
    let split = try split(row, isKnown: isKnown)
    let place = "\(table.path):\(row.line)"
    if columns.isList, let line = try roster.line(of: row.fields[columns.file], at: place) {
      return try extend(line, names, row, split)
    }
    let file = try roster.admit(row.fields[columns.file], line: row.line, at: place, &alike)
    places[row.line] = rows.count
    rows.append(
      Row(
        name: row.fields[columns.file], url: file.url, split: split, group: group(row),
        line: row.line, labels: labels, names: names))
  }

  /// Further classes of a file.
  private mutating func extend(
    _ line: Int, _ names: [String], _ row: AnnotationTable.Row, _ split: Split?
  ) throws(Problem) {
    guard let place = places[line] else { return }
    guard rows[place].split == split, rows[place].group == group(row) else {
      throw row.error(
        "another split or group of \(rows[place].name) than on line \(line); expected the same")
    }
    rows[place].names += names
  }

  private func split(_ row: AnnotationTable.Row, isKnown: Bool) throws(Problem) -> Split? {
    guard let column = columns.split else { return nil }
    let text = row.fields[column]
    if text.isEmpty, !isKnown { return .train }
    guard let split = Split(rawValue: text) else {
      throw row.error("split \"\(text)\"; expected train, validation or test")
    }
    return split
  }

  private func group(_ row: AnnotationTable.Row) -> String? {
    guard let column = columns.group, !row.fields[column].isEmpty else { return nil }
    return row.fields[column]
  }

  private func list(_ cell: String) -> [String] {
    cell.split(whereSeparator: listSeparators.contains)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  private func label(
    _ row: AnnotationTable.Row, _ column: Int, of name: String
  ) throws(Problem) -> Float? {
    let cell = row.fields[column]
    switch cell {
    case "": return nil
    case "0": return 0
    case "1": return 1
    default: break
    }
    let text = cell.trimmingCharacters(in: .whitespaces)
    if text.isEmpty { return nil }
    guard let value = Float(text), (0...1).contains(value) else {
      throw row.error(
        "\"\(cell)\" for \(name); expected 1, 0, a probability, or nothing where missing")
    }
    return value
  }

  /// Classes and recordings. Of a list every class that a row does not name is absent; a row
  /// without a name says nothing.
  func finished(id: (String) -> String) -> (classes: [String], recordings: [Recording]) {
    let classes =
      columns.isList
      ? Set(rows.flatMap(\.names)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      : self.classes
    let recordings = rows.map { row in
      let labels =
        columns.isList ? RowCollector.labels(classes, present: Set(row.names)) : row.labels
      return Recording(
        id: id(row.name), name: row.name, url: row.url, split: row.split, group: row.group,
        labels: .whole(labels), line: row.line)
    }
    return (classes, recordings)
  }

  private static func labels(_ classes: [String], present: Set<String>) -> [Float?] {
    classes.map { name in present.isEmpty ? nil : present.contains(name) ? 1 : 0 }
  }
}
