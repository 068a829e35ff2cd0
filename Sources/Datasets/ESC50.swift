// ESC-50, its ten-class part ESC-10, and folders laid out like them: folds, one class a clip.
import Autograd
import Formats
import Foundation

/// `audio/` and `meta/*.csv` with the columns filename, fold, category and src_file.
///
/// Piczak 2015, doi:10.1145/2733373.2806390.
public struct ESC50: Dataset {
  public static let card = DatasetCard(
    id: "esc50", title: "ESC-50",
    summary: "Environmental sounds of 5 s in folds, one class a clip; also ESC-10",
    paper: "Piczak 2015, doi:10.1145/2733373.2806390",
    licence: "CC BY-NC 3.0 (ESC-10: CC BY 3.0)", classes: nil, isBuiltIn: false,
    needs: [
      "audio/ with the sound files and meta/esc50.csv of github.com/karolpiczak/ESC-50"
    ])

  public let title: String
  public let classes: [String]
  public let clips: [Clip]
  public let problems: [String]
  public let isSingleLabel = true
  public let seconds: Double
  public let digest: String
  /// Longer clips are cut to this unless the settings say otherwise, in s.
  private static let longest = 5.0

  /// Throws `DatasetError` or `FormatError` with file and line, and `CancellationError`.
  public init(_ settings: DatasetSettings, progress: Ticker? = nil) throws {
    let validation = try ValidationShare(settings.validationShare, seed: settings.seed)
    let root = try DatasetFolder.root(ESC50.card, settings)
    guard let table = ESC50.table(in: root) else {
      throw DatasetError(
        root.path, "no meta/*.csv with filename, fold and category; expected ESC-50's layout")
    }
    var issues = IssueLog()
    let sheet = try FoldSheet(table, root: root, &issues)
    if let refusal = issues.refusal(ESC50.card.id) { throw refusal }
    let testFold = try sheet.testFold(settings.testFold)
    let files = sheet.files(testFold: testFold)
    let (read, skipped) = try LabelledFiles.clips(files, in: root, settings, progress: progress)
    title = sheet.classes.count == 10 ? "ESC-10" : ESC50.card.title
    classes = sheet.classes
    clips = validation.applied(to: read)
    problems =
      skipped + sheet.crossings(testFold) + ClipCheck.emptySplits(clips)
      + ClipCheck.classesWithoutPositive(classes, clips)
    let longest = clips.map(\.seconds).max() ?? ESC50.longest
    seconds = settings.seconds ?? min(ESC50.longest, longest)
    digest = DatasetFolder.digest(classes, clips)
  }

  /// Every fault of the table, where opening ends at the first.
  static func tableIssues(_ settings: DatasetSettings) throws -> IssueLog {
    let root = try DatasetFolder.root(ESC50.card, settings)
    var issues = IssueLog()
    if let table = table(in: root) { _ = try FoldSheet(table, root: root, &issues) }
    return issues
  }

  /// The first table in `meta/` with the columns that count.
  static func table(in root: URL) -> URL? {
    let meta = root.appendingPathComponent("meta")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: meta.path)) ?? []
    return names.filter { $0.hasSuffix(".csv") }.sorted()
      .map { meta.appendingPathComponent($0) }
      .first { url in
        guard let header = try? DelimitedText.read(url).header else { return false }
        return ["filename", "fold", "category"].allSatisfy(header.contains)
      }
  }
}

/// Where an ESC table keeps what counts.
private struct Columns {
  let name, fold, category: Int
  let source: Int?

  init(_ text: AnnotationTable) throws {
    name = try text.column("filename")
    fold = try text.column("fold")
    category = try text.column("category")
    source = text.header.firstIndex(of: "src_file")
  }

  func row(
    _ fields: [String], _ audio: URL, _ place: String
  ) throws(DatasetError) -> FoldSheet.Row {
    guard let number = Int(fields[fold]) else {
      throw DatasetError(place, "fold \"\(fields[fold])\"; expected a whole number")
    }
    guard !fields[category].isEmpty else {
      throw DatasetError(place, "no category for \(fields[name]); expected a class name")
    }
    let url = audio.appendingPathComponent(fields[name])
    guard !fields[name].isEmpty, DatasetFolder.isFile(url) else {
      throw DatasetError(place, "no file \"\(fields[name])\"; expected it in audio/")
    }
    return FoldSheet.Row(
      name: fields[name], url: url, fold: number, category: fields[category],
      group: source.map { fields[$0] } ?? fields[name])
  }
}

/// The rows of an ESC table, checked.
private struct FoldSheet {
  struct Row {
    let name: String
    let url: URL
    let fold: Int
    let category: String
    let group: String
  }

  let rows: [Row]
  /// Category names in the order of their `target` numbers where given, else of the alphabet.
  let classes: [String]

  private let table: URL

  /// Faulty rows are logged and left out.
  init(_ table: URL, root: URL, _ issues: inout IssueLog) throws {
    self.table = table
    let text = try AnnotationTable(table, habits: [.quotes, .carriageReturns])
    let columns = try Columns(text)
    let target = text.header.firstIndex(of: "target")
    let audio = root.appendingPathComponent("audio")
    var lines: [String: Int] = [:]
    var order: [String: Int] = [:]
    var rows: [Row] = []
    text.read(&issues) { line throws(DatasetError) in
      let row = try columns.row(line.fields, audio, "\(table.path):\(line.line)")
      if let first = lines.updateValue(line.line, forKey: row.name) {
        throw line.error("\(row.name) again, first on line \(first); expected one row a file")
      }
      order[row.category] = target.flatMap { Int(line.fields[$0]) } ?? 0
      rows.append(row)
    }
    guard !rows.isEmpty || issues.wrongCount > 0 else {
      throw DatasetError("\(table.path):1", "a header only; expected one row a sound file")
    }
    self.rows = rows
    classes = order.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
  }

  /// The fold asked for, else the highest.
  func testFold(_ wanted: Int?) throws -> Int {
    let folds = Set(rows.map(\.fold)).sorted()
    let fold = wanted ?? folds.last ?? 0
    guard folds.contains(fold), folds.count > 1 else {
      let names = folds.map(String.init).joined(separator: ", ")
      throw DatasetError(
        table.path, "fold \(fold) to test on among \(names); expected one of two or more")
    }
    return fold
  }

  /// Every entry observed: the category is 1, all others 0.
  func files(testFold: Int) -> [LabelledFile] {
    rows.map { row in
      LabelledFile(
        id: row.name, url: row.url, split: row.fold == testFold ? .test : .train,
        labels: classes.map { $0 == row.category ? 1 : 0 }, group: row.group)
    }
  }

  /// Recordings that the table itself puts on both sides.
  func crossings(_ testFold: Int) -> [String] {
    let test = Set(rows.filter { $0.fold == testFold }.map(\.group))
    let training = Set(rows.filter { $0.fold != testFold }.map(\.group))
    return test.intersection(training).sorted().map {
      "recording \($0) is in test fold \(testFold) and in a training fold"
    }
  }
}
