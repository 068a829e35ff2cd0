// ESC-50, its ten-class part ESC-10, and folders laid out like them: folds, one class a clip.
import Autograd
import Foundation
import Formats

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
    guard (0..<1).contains(settings.validationShare) else {
      throw DatasetError(
        "esc50", "validation share \(settings.validationShare); expected 0 up to but not 1")
    }
    let root = try DatasetFolder.root(ESC50.card, settings)
    guard let table = ESC50.table(in: root) else {
      throw DatasetError(
        root.path, "no meta/*.csv with filename, fold and category; expected ESC-50's layout")
    }
    let sheet = try FoldSheet(table, root: root)
    let folds = Set(sheet.rows.map(\.fold)).sorted()
    let testFold = settings.testFold ?? folds.last ?? 0
    guard folds.contains(testFold), folds.count > 1 else {
      let names = folds.map(String.init).joined(separator: ", ")
      throw DatasetError(
        table.path, "fold \(testFold) to test on among \(names); expected one of two or more")
    }
    let files = sheet.files(testFold: testFold)
    let (read, skipped) = try LabelledFiles.clips(files, in: root, settings, progress: progress)
    title = sheet.classes.count == 10 ? "ESC-10" : ESC50.card.title
    classes = sheet.classes
    clips = ValidationShare(settings.validationShare, seed: settings.seed).applied(to: read)
    problems =
      skipped + sheet.crossings(testFold) + ClipCheck.emptySplits(clips)
      + ClipCheck.classesWithoutPositive(classes, clips)
    let longest = clips.map(\.seconds).max() ?? ESC50.longest
    seconds = settings.seconds ?? min(ESC50.longest, longest)
    digest = DatasetFolder.digest(classes, clips)
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

  init(_ table: URL, root: URL) throws {
    let text = try DelimitedText.read(table)
    let name = try text.column("filename")
    let fold = try text.column("fold")
    let category = try text.column("category")
    let source = text.header.firstIndex(of: "src_file")
    let target = text.header.firstIndex(of: "target")
    let audio = root.appendingPathComponent("audio")
    var lines: [String: Int] = [:]
    var order: [String: Int] = [:]
    rows = try text.rows.map { line, fields in
      let place = "\(table.path):\(line)"
      let row = Row(
        name: fields[name], url: audio.appendingPathComponent(fields[name]),
        fold: try FoldSheet.fold(fields[fold], place), category: fields[category],
        group: source.map { fields[$0] } ?? fields[name])
      try FoldSheet.check(row, place)
      if let first = lines.updateValue(line, forKey: row.name) {
        throw DatasetError(
          place, "\(row.name) again, first on line \(first); expected one row a file")
      }
      order[row.category] = target.flatMap { Int(fields[$0]) } ?? 0
      return row
    }
    guard !rows.isEmpty else {
      throw DatasetError("\(table.path):1", "a header only; expected one row a sound file")
    }
    classes = order.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
  }

  private static func fold(_ text: String, _ place: String) throws -> Int {
    guard let fold = Int(text) else {
      throw DatasetError(place, "fold \"\(text)\"; expected a whole number")
    }
    return fold
  }

  private static func check(_ row: Row, _ place: String) throws {
    guard !row.category.isEmpty else {
      throw DatasetError(place, "no category for \(row.name); expected a class name")
    }
    guard !row.name.isEmpty, DatasetFolder.isFile(row.url) else {
      throw DatasetError(place, "no file \"\(row.name)\"; expected it in audio/")
    }
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
