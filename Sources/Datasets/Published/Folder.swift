// Any folder of sound files with a `labels.csv`: the way to bring one's own data.
import Formats
import Foundation

/// `DIR/labels.csv` has the header `filename,split,<class>,<class>,…`. Names count from `DIR` and
/// stay below it.
public struct Folder: SheetDataset {
  public static let card = DatasetCard(
    id: "folder", title: "Folder",
    summary: "Any folder of sound files with a labels.csv",
    paper: "", licence: "your own", classes: nil, isBuiltIn: false,
    needs: ["labels.csv with the header filename,split,<class>,…, and the sound files it names"],
    options: [DatasetOptions.seconds])

  public static let layoutMarks = ["labels.csv"]
  static let layout = "a folder with its own labels.csv"

  public let title: String
  public let classes: [String]
  public let clips: [Clip]
  public let problems: [String]
  public let lost: [Split: Int]
  /// One class a clip in every fully labelled row.
  public let isSingleLabel: Bool
  public let seconds: Double
  public let digest: String
  /// Longer clips are cut to this unless the settings say otherwise, in s.
  private static let longest = 10.0

  /// Throws `Problem` with file and line, `AudioError` where a sound could
  /// not be looked at, and `CancellationError`.
  public init(_ settings: DatasetSettings, progress: ProgressHandler? = nil) throws {
    let reading = try Folder.reading(settings, refusing: true, progress: progress)
    let rows = reading.rows
    try rows.demandClips()
    guard rows.clips.contains(where: { $0.split == .train }) else {
      throw Problem(rows.table.path, "no readable clip in split train; expected some")
    }
    title = rows.root.lastPathComponent
    (classes, clips, lost) = (reading.classes, rows.clips, rows.lost)
    problems = rows.problems + reading.problems
    isSingleLabel = clips.allSatisfy(Self.isSingle)
    let longest = clips.map(\.seconds).max() ?? Folder.longest
    seconds = settings.seconds ?? min(Folder.longest, longest)
    digest = DatasetFolder.digest(classes, clips, sizes: rows.sizes)
  }

  /// One class given, all others ruled out.
  private static func isSingle(_ clip: Clip) -> Bool {
    clip.labels.count { $0 == 1 } == 1 && clip.labels.count { $0 == 0 } == clip.labels.count - 1
  }

  static func reading(
    _ settings: DatasetSettings, refusing: Bool, progress: ProgressHandler?
  ) throws -> SheetReading {
    let root = try DatasetFolder.root(Folder.card, settings)
    var issues = IssueLog()
    let sheet = try LabelSheet(
      root.appendingPathComponent("labels.csv", isDirectory: false), root: root, &issues)
    let rows = try LabelledClips(
      sheet.files, table: sheet.table, root: root, settings, &issues,
      refusing: refusing ? Folder.card.id : nil, progress: progress)
    let problems =
      ClipCheck.emptySplits(rows.clips)
      + ClipCheck.classesWithoutPositive(sheet.classes, rows.clips).map {
        "\($0); add a clip that has it, or remove its column from labels.csv"
      }
    return SheetReading(
      classes: sheet.classes, rows: rows, sounds: root, problems: problems, issues: issues)
  }
}

/// The rows of a `labels.csv`, checked.
private struct LabelSheet {
  let classes: [String]
  private(set) var files: [LabelledFile] = []
  let table: URL

  /// Faulty rows are logged and left out.
  init(_ table: URL, root: URL, _ issues: inout IssueLog) throws {
    self.table = table
    guard try StoredFile.isFile(table) else {
      throw Problem(
        root.path, "no labels.csv; expected one with the header filename,split,<class>,…")
    }
    let text = try AnnotationTable(table, habits: [.quotes, .carriageReturns])
    guard text.header.prefix(2) == ["filename", "split"], text.header.count > 2 else {
      throw Problem(
        table.path, line: 1,
        "header \(text.header.joined(separator: ",")); expected filename,split,<class>,…")
    }
    classes = Array(text.header.dropFirst(2))
    try checkClasses()
    try read(text, root, &issues)
  }

  private mutating func read(
    _ text: AnnotationTable, _ root: URL, _ issues: inout IssueLog
  ) throws {
    var roster = FileRoster(root)
    var alike = IssueLog()
    var rows = 0
    text.read(&issues) { row throws(Problem) in
      rows += 1
      files.append(try self.row(row, &roster, &alike))
    }
    for issue in alike.issues { issues.warn(issue.place, issue.message) }
    if rows == 0, issues.errorCount == 0 {
      throw error(1, "a header only; expected one row a sound file")
    }
    files = files.map { file in
      LabelledFile(
        id: roster.id(file.name), name: file.name, url: file.url, split: file.split,
        labels: file.labels, group: nil, line: file.line)
    }
  }

  private func error(_ line: Int, _ message: String) -> Problem {
    Problem(table.path, line: line, message)
  }

  private func checkClasses() throws {
    if classes.contains("") { throw error(1, "a class without name; expected a name a column") }
    guard let twin = classes.indices.first(where: { classes[..<$0].contains(classes[$0]) }) else {
      return
    }
    let isSame = classes[..<twin].contains { ByteText(text: $0) == ByteText(text: classes[twin]) }
    let form = isSame ? "" : " (the names differ in Unicode form only)"
    throw error(1, "class \(classes[twin]) twice\(form); expected distinct names")
  }

  private func row(
    _ row: AnnotationTable.Row, _ roster: inout FileRoster, _ issues: inout IssueLog
  ) throws(Problem) -> LabelledFile {
    let (fields, line) = (row.fields, row.line)
    guard let split = Split(rawValue: fields[1]) else {
      throw error(line, "split \"\(fields[1])\"; expected train, validation or test")
    }
    var labels: [Float?] = []
    labels.reserveCapacity(classes.count)
    for (name, cell) in zip(classes, fields.dropFirst(2)) {
      labels.append(try label(cell, of: name, line))
    }
    let place = try roster.admit(
      fields[0], line: line, at: "\(table.path):\(line)", &issues)
    return LabelledFile(
      id: fields[0], name: fields[0], url: place.url, split: split, labels: labels, group: nil,
      line: line)
  }

  private func label(
    _ cell: String, of name: String, _ line: Int
  ) throws(Problem) -> Float? {
    switch cell {
    case "": return nil
    case "0": return 0
    case "1": return 1
    default: break
    }
    let text = cell.trimmingCharacters(in: .whitespaces)
    if text.isEmpty { return nil }
    guard let value = Float(text), (0...1).contains(value) else {
      throw error(
        line, "\"\(cell)\" for \(name); expected 1, 0, a probability, or nothing where missing")
    }
    return value
  }
}
