// A table of labels that a person wrote: a column a class, or one column with the names of classes.
import Formats
import Foundation

/// `filename[,split][,group],CLASS,…` with 1, 0, a probability or nothing in each cell; or
/// `file,label[;label]` with any header or none. Comma, semicolon or tab separate the columns.
struct LabelTable {
  let url: URL
  private(set) var classes: [String] = []
  private(set) var recordings: [Recording] = []
  /// Files that rows name, those of faulty rows too.
  private(set) var named: Set<ByteText> = []
  let columns: Columns

  /// Where the table keeps what counts.
  struct Columns: Sendable, Equatable {
    let width, file: Int
    let split, group: Int?
    /// Columns of labels.
    let labels: [Int]
    /// One column holds names of classes instead of a class's labels.
    var isList: Bool
    let hasHeader: Bool
  }

  /// Faulty rows are logged and left out. Throws `Problem` where the header is wrong.
  init(_ url: URL, _ listing: SoundListing, _ issues: inout IssueLog) throws {
    self.url = url
    let form = try LabelTable.form(of: url)
    columns = form.columns
    let text = try AnnotationTable(
      url, separator: form.separator, hasHeader: columns.hasHeader,
      habits: [.quotes, .carriageReturns])
    if !columns.isList {
      classes = columns.labels.map { text.header[$0] }
      try checkClasses()
    }
    var alike = IssueLog()
    var rows = RowCollector(url, columns, classes, form.separator)
    var roster = FileRoster(URL(fileURLWithPath: listing.root, isDirectory: true))
    text.read(width: columns.width, &issues) { row throws(Problem) in
      try rows.add(row, &roster, &alike)
    }
    for issue in alike.issues { issues.warn(issue.place, issue.message) }
    if rows.count == 0, issues.errorCount == 0 {
      throw Problem(url.path, line: 1, "a header only; expected one row a sound file")
    }
    (classes, recordings) = rows.finished(id: roster.id)
    named = rows.named
  }

  /// A list in which no row has a label.
  var isWithoutClass: Bool { classes.isEmpty }

  private func checkClasses() throws {
    func error(_ message: String) -> Problem { Problem(url.path, line: 1, message) }
    if classes.contains("") { throw error("a class without name; expected a name a column") }
    guard let twin = classes.indices.first(where: { classes[..<$0].contains(classes[$0]) }) else {
      return
    }
    let isSame = classes[..<twin].contains { ByteText(text: $0) == ByteText(text: classes[twin]) }
    let form = isSame ? "" : " (the names differ in Unicode form only)"
    throw error("class \(classes[twin]) twice\(form); expected distinct names")
  }
}

// MARK: form

extension LabelTable {
  /// The first table in a folder whose rows name sounds: `labels.csv`, else one of two columns.
  /// Throws `Problem` where one cannot be read.
  static func find(in root: URL) throws -> URL? {
    let names = try StoredFile.names(in: root)
    func url(_ name: String) -> URL { root.appendingPathComponent(name, isDirectory: false) }
    if let name = names.first(where: { $0 == "labels.csv" }), try StoredFile.isFile(url(name)) {
      return url(name)
    }
    let tables = names.filter { name in
      name.utf8.first != 0x2E && [".csv", ".tsv", ".txt"].contains { name.hasSuffix($0) }
    }
    let ranked = tables.filter { $0.hasPrefix("labels.") } + tables
    return try ranked.map(url).first { try StoredFile.isFile($0) && isPair($0) }
  }

  /// Whether the rows of a table name a sound and a label.
  private static func isPair(_ url: URL) throws -> Bool {
    do {
      let (separator, columns) = try form(of: url)
      guard columns.isList else { return false }
      var rows = try DelimitedRows(url, separator: separator)
      if columns.hasHeader {
        _ = try rows.next()
        // A list whose labels are all blank says nothing, and the folder may have another layout.
        guard try holdsNames(rows, columns) else { return false }
      }
      guard let row = try rows.next(), row.fields.count == columns.width else { return false }
      return SoundListing.isSound(row.fields[columns.file])
    } catch let problem as Problem where problem.systemError == nil {
      // Text of another kind, such as a note beside the sounds.
      return false
    }
  }

  /// The separator and the columns, by the first rows. Throws `Problem` where there is no label.
  static func form(of url: URL) throws -> (separator: Character, columns: Columns) {
    let separator = try separator(of: url)
    var rows = try DelimitedRows(url, separator: separator)
    guard let first = try rows.next() else {
      throw Problem(url.path, line: 1, "no header; expected filename,split,<class>,…")
    }
    var columns = try Columns(first.fields, url)
    if columns.labels.count == 1, columns.hasHeader {
      let isNamedSo = ["label", "labels"].contains(first.fields[columns.labels[0]].lowercased())
      columns.isList = try holdsNames(rows, columns) || isNamedSo && isBlank(rows, columns)
    }
    return (separator, columns)
  }

  /// The separator that comes first in the first row; a tab before all others.
  private static func separator(of url: URL) throws -> Character {
    var best: (separator: Character, length: Int)?
    for separator in ["\t", ",", ";"] as [Character] {
      var rows = try DelimitedRows(url, separator: separator)
      do {
        guard let fields = try rows.next()?.fields, fields.count > 1 else { continue }
        if separator == "\t" { return separator }
        let length = fields[0].utf8.count
        if best.map({ length < $0.length }) ?? true { best = (separator, length) }
      } catch let problem as Problem where problem.systemError == nil {
        // A quote that ends before another separator.
        continue
      }
    }
    return best?.separator ?? ","
  }

  /// Whether a single column of labels names classes: it has text and no probability, or several
  /// whole numbers above 1.
  private static func holdsNames(_ rows: DelimitedRows, _ columns: Columns) throws -> Bool {
    var rows = rows
    var (hasText, hasProbability, numbers): (Bool, Bool, Set<Float>) = (false, false, [])
    while let row = try rows.next() {
      guard row.fields.count == columns.width else { continue }
      let cell = row.fields[columns.labels[0]].trimmingCharacters(in: .whitespaces)
      guard let value = Float(cell) else {
        hasText = hasText || !cell.isEmpty
        continue
      }
      if (0...1).contains(value) { hasProbability = true }
      if value >= 2, value == value.rounded() { numbers.insert(value) }
    }
    return hasText ? !hasProbability : numbers.count > 1
  }

  /// Whether no row has a label.
  private static func isBlank(_ rows: DelimitedRows, _ columns: Columns) throws -> Bool {
    var rows = rows
    while let row = try rows.next() {
      guard row.fields.count == columns.width else { continue }
      let cell = row.fields[columns.labels[0]]
      if !cell.allSatisfy(\.isWhitespace) { return false }
    }
    return true
  }
}

extension LabelTable.Columns {
  /// Of a header, or of a first row that names a sound. Throws `Problem`.
  init(_ first: [String], _ table: URL) throws {
    let names = first.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    let hasHeader = !first.contains(where: SoundListing.isSound)
    let file = names.firstIndex { ["filename", "file", "path"].contains($0) } ?? 0
    let split = hasHeader ? names.firstIndex(of: "split") : nil
    let group = hasHeader ? names.firstIndex(of: "group") : nil
    // The list that `scant suggest` writes of sounds without labels: guesses are no labels.
    let guess = names.contains("label") ? names.firstIndex(of: "guess") : nil
    let labels = first.indices.filter { ![file, split, group, guess].contains($0) }
    guard hasHeader ? !labels.isEmpty : labels.count == 1 else {
      let found = hasHeader ? "header" : "no header but"
      throw Problem(
        table.path, line: 1,
        "\(found) \(first.joined(separator: ",")); expected filename,split,<class>,… or file,label")
    }
    self.init(
      width: first.count, file: file, split: split, group: group, labels: labels,
      isList: !hasHeader, hasHeader: hasHeader)
  }
}
