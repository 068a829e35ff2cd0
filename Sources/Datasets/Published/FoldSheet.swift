// The tables of ESC-50, of folders with the same layout, and of UrbanSound8K: files, folds,
// categories.
import Formats
import Foundation

/// The columns of a table of files, folds and categories.
struct FoldForm: Sendable {
  let name, category, target, source: String
  /// Whether the sounds of fold N lie in a folder `foldN`.
  let hasFolders: Bool

  static let esc = FoldForm(
    name: "filename", category: "category", target: "target", source: "src_file",
    hasFolders: false)
  static let urbanSound = FoldForm(
    name: "slice_file_name", category: "class", target: "classID", source: "fsID",
    hasFolders: true)
}

/// Where the columns are.
private struct FoldColumns {
  let form: FoldForm
  let name, fold, category: Int
  let source, ten: Int?

  init(_ text: AnnotationTable, _ form: FoldForm) throws {
    self.form = form
    name = try text.column(form.name)
    fold = try text.column("fold")
    category = try text.column(form.category)
    source = text.header.firstIndex(of: form.source)
    ten = text.header.firstIndex(of: "esc10")
  }

  func row(
    _ line: AnnotationTable.Row, _ roster: inout FileRoster, _ issues: inout IssueLog
  ) throws(Problem) -> FoldSheet.Row {
    let (fields, place) = (line.fields, "\(line.table):\(line.line)")
    guard let number = Int(fields[fold]) else {
      throw Problem(place, "fold \"\(fields[fold])\"; expected a whole number")
    }
    guard !fields[category].isEmpty else {
      throw Problem(place, "no category for \(fields[name]); expected a class name")
    }
    let name = form.hasFolders ? "fold\(number)/\(fields[name])" : fields[name]
    let file = try roster.admit(name, line: line.line, at: place, &issues)
    return FoldSheet.Row(
      name: name, url: file.url, line: line.line, fold: number, category: fields[category],
      group: source.map { fields[$0] } ?? name,
      isTen: ten.map { fields[$0].lowercased() == "true" } ?? true)
  }
}

/// The checked rows of such a table.
struct FoldSheet: Sendable {
  struct Row: Sendable {
    /// Unique in the table.
    var name: String
    let url: URL
    let line: Int
    let fold: Int
    let category: String
    let group: String
    /// Whether it belongs to ESC-10; true if the table does not say.
    let isTen: Bool
  }

  let rows: [Row]
  /// Categories in the order of their `target` numbers if there are any, otherwise of the alphabet.
  let classes: [String]
  let table: URL

  private init(rows: [Row], classes: [String], table: URL) {
    (self.rows, self.classes, self.table) = (rows, classes, table)
  }

  /// Reads the table. Faulty rows are logged and left out. Files need not exist. Throws `Problem`.
  init(_ table: URL, root: URL, _ form: FoldForm, _ issues: inout IssueLog) throws {
    self.table = table
    let text = try AnnotationTable(table, habits: [.quotes, .carriageReturns])
    let columns = try FoldColumns(text, form)
    let target = text.header.firstIndex(of: form.target)
    var roster = FileRoster(FoldSheet.audio(root))
    var alike = IssueLog()
    var order: [String: Int] = [:]
    var rows: [Row] = []
    text.read(&issues) { line throws(Problem) in
      let row = try columns.row(line, &roster, &alike)
      order[row.category] = target.flatMap { Int(line.fields[$0]) } ?? 0
      rows.append(row)
    }
    for issue in alike.issues { issues.warn(issue.place, issue.message) }
    for i in rows.indices { rows[i].name = roster.id(rows[i].name) }
    guard !rows.isEmpty || issues.errorCount > 0 else {
      throw Problem(table.path, line: 1, "only a header; expected one row per sound file")
    }
    self.rows = rows
    classes = order.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
  }

  /// The folder of the sounds.
  static func audio(_ root: URL) -> URL {
    root.appendingPathComponent("audio", isDirectory: true)
  }

  /// The wanted fold, or the highest one. Throws `Problem` if there is no such fold.
  func testFold(_ wanted: Int?) throws -> Int {
    let folds = folds
    let fold = wanted ?? folds.last ?? 0
    guard folds.contains(fold), folds.count > 1 else {
      let names = folds.map(String.init).joined(separator: ", ")
      throw Problem(
        table.path, "fold \(fold) to test on among \(names); expected one of two or more")
    }
    return fold
  }

  /// The rows of ESC-10.
  var ten: FoldSheet {
    let ten = rows.filter(\.isTen)
    let names = Set(ten.map(\.category))
    return FoldSheet(rows: ten, classes: classes.filter(names.contains), table: table)
  }

  /// All folds in ascending order.
  var folds: [Int] { Set(rows.map(\.fold)).sorted() }

  /// The files with all labels observed: the category is 1, all others are 0.
  func files(testFold: Int) -> [LabelledFile] {
    rows.map { row in
      LabelledFile(
        id: row.name, name: row.name, url: row.url,
        split: row.fold == testFold ? .test : .train,
        labels: classes.map { $0 == row.category ? 1 : 0 }, group: row.group, line: row.line)
    }
  }

  /// One line for each recording in both the test fold and a training fold.
  func crossings(_ testFold: Int) -> [String] {
    let test = Set(rows.filter { $0.fold == testFold }.map(\.group))
    let training = Set(rows.filter { $0.fold != testFold }.map(\.group))
    return test.intersection(training).sorted().map {
      "recording \($0) is in test fold \(testFold) and in a training fold"
    }
  }
}

/// A data set with folds and one class per clip in its table.
protocol FoldedDataset: SheetDataset {
  static var form: FoldForm { get }
  /// The table below a folder; nil if there is none. Throws `Problem` if the system fails.
  static func table(in root: URL) throws -> URL?
  /// What `table` looks for.
  static var tableName: String { get }
}

extension FoldedDataset {
  static var split: String {
    "a fold is the test split (dataset.testFold), validation is drawn (dataset.validationShare)"
  }

  static func reading(
    _ settings: DatasetSettings, refusing: Bool, progress: ProgressHandler?
  ) throws -> SheetReading {
    let validation = try ValidationShare(settings.validationShare, seed: settings.seed)
    let root = try DatasetFolder.root(card, settings)
    guard let table = try table(in: root) else {
      throw Problem(root.path, "no \(tableName); expected \(card.title)'s layout")
    }
    var issues = IssueLog()
    let sheet = try FoldSheet(table, root: root, form, &issues)
    if refusing, let refusal = issues.refusal(card.id) { throw refusal }
    let testFold = try sheet.testFold(settings.testFold)
    var rows = try LabelledClips(
      sheet.files(testFold: testFold), table: table, root: FoldSheet.audio(root), settings,
      &issues, refusing: refusing ? card.id : nil, progress: progress)
    rows.clips = validation.applied(to: rows.clips)
    return SheetReading(
      classes: sheet.classes, rows: rows, sounds: FoldSheet.audio(root), folds: sheet.folds,
      problems: sheet.crossings(testFold) + ClipCheck.emptySplits(rows.clips)
        + ClipCheck.classesWithoutPositive(sheet.classes, rows.clips), issues: issues)
  }
}
