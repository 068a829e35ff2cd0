import Formats
// Any folder of sound files with a `labels.csv`: the way to bring one's own data.
import Foundation

/// `DIR/labels.csv` has the header `filename,split,<class>,<class>,…`.
public struct Folder: Dataset {
  public static let card = DatasetCard(
    id: "folder", title: "Folder",
    summary: "Any folder of sound files with a labels.csv",
    paper: "", licence: "your own", classes: nil, isBuiltIn: false,
    needs: ["labels.csv with the header filename,split,<class>,…, and the sound files it names"])

  public let title: String
  public let classes: [String]
  public let clips: [Clip]
  public let problems: [String]
  /// One class a clip in every fully labelled row.
  public let isSingleLabel: Bool
  public let seconds: Double
  public let digest: String
  /// Longer clips are cut to this unless the settings say otherwise, in s.
  private static let longest = 10.0

  /// Throws `DatasetError` or `FormatError` with file and line, and `CancellationError`.
  public init(_ settings: DatasetSettings, progress: Ticker? = nil) throws {
    let root = try DatasetFolder.root(Folder.card, settings)
    let table = root.appendingPathComponent("labels.csv")
    var issues = IssueLog()
    let sheet = try LabelSheet(table, root: root, &issues)
    if let refusal = issues.refusal(Folder.card.id) { throw refusal }
    let (clips, skipped) = try LabelledFiles.clips(
      sheet.files, in: root, settings, progress: progress)
    guard clips.contains(where: { $0.split == .train }) else {
      throw DatasetError(table.path, "no readable clip in split train; expected some")
    }
    title = root.lastPathComponent
    classes = sheet.classes
    self.clips = clips
    problems =
      skipped + ClipCheck.emptySplits(clips) + ClipCheck.classesWithoutPositive(classes, clips)
    isSingleLabel = clips.allSatisfy(Self.isSingle)
    let longest = clips.map(\.seconds).max() ?? Folder.longest
    seconds = settings.seconds ?? min(Folder.longest, longest)
    digest = DatasetFolder.digest(classes, clips)
  }

  /// One class given, all others ruled out.
  private static func isSingle(_ clip: Clip) -> Bool {
    clip.labels.count { $0 == 1 } == 1 && clip.labels.count { $0 == 0 } == clip.labels.count - 1
  }

  /// Every fault of the table, where opening ends at the first.
  static func tableIssues(_ settings: DatasetSettings) throws -> IssueLog {
    let root = try DatasetFolder.root(Folder.card, settings)
    var issues = IssueLog()
    _ = try LabelSheet(root.appendingPathComponent("labels.csv"), root: root, &issues)
    return issues
  }
}

/// The rows of a `labels.csv`, checked.
private struct LabelSheet {
  let classes: [String]
  private(set) var files: [LabelledFile] = []
  private let table: URL

  /// Faulty rows are logged and left out.
  init(_ table: URL, root: URL, _ issues: inout IssueLog) throws {
    self.table = table
    guard DatasetFolder.isFile(table) else {
      throw DatasetError(
        root.path, "no labels.csv; expected one with the header filename,split,<class>,…")
    }
    let text = try AnnotationTable(table, habits: [.quotes, .carriageReturns])
    guard text.header.prefix(2) == ["filename", "split"], text.header.count > 2 else {
      throw DatasetError(
        "\(table.path):1",
        "header \(text.header.joined(separator: ",")); expected filename,split,<class>,…")
    }
    classes = Array(text.header.dropFirst(2))
    try checkClasses()
    var lines: [String: Int] = [:]
    var rows = 0
    text.read(&issues) { row throws(DatasetError) in
      rows += 1
      let file = try self.row(row.fields, row.line, root)
      if let first = lines.updateValue(row.line, forKey: file.id) {
        throw row.error("\(file.id) again, first on line \(first); expected one row a file")
      }
      files.append(file)
    }
    if rows == 0, issues.wrongCount == 0 {
      throw error(1, "a header only; expected one row a sound file")
    }
  }

  private func error(_ line: Int, _ message: String) -> DatasetError {
    DatasetError("\(table.path):\(line)", message)
  }

  private func checkClasses() throws {
    if classes.contains("") { throw error(1, "a class without name; expected a name a column") }
    if let twin = classes.indices.first(where: { classes[..<$0].contains(classes[$0]) }) {
      throw error(1, "class \(classes[twin]) twice; expected distinct names")
    }
  }

  private func row(
    _ fields: [String], _ line: Int, _ root: URL
  ) throws(DatasetError) -> LabelledFile {
    guard let split = Split(rawValue: fields[1]) else {
      throw error(line, "split \"\(fields[1])\"; expected train, validation or test")
    }
    let url = root.appendingPathComponent(fields[0])
    guard !fields[0].isEmpty, DatasetFolder.isFile(url) else {
      throw error(line, "no file \"\(fields[0])\"; expected a sound file under \(root.path)")
    }
    var labels: [Float?] = []
    for (name, cell) in zip(classes, fields.dropFirst(2)) {
      labels.append(try label(cell, of: name, line))
    }
    return LabelledFile(id: fields[0], url: url, split: split, labels: labels, group: nil)
  }

  private func label(
    _ cell: String, of name: String, _ line: Int
  ) throws(DatasetError) -> Float? {
    let text = cell.trimmingCharacters(in: .whitespaces)
    if text.isEmpty { return nil }
    guard let value = Float(text), (0...1).contains(value) else {
      throw error(
        line, "\"\(cell)\" for \(name); expected 1, 0, a probability, or nothing where missing")
    }
    return value
  }
}
