// One annotation table of a data set, row by row. A faulty row is logged and left out.
import Formats
import Foundation

/// A table whose rows are read one by one.
struct AnnotationTable {
  /// Forms that the publisher uses in this table; in other tables they are reported.
  enum Habit { case carriageReturns, quotes }

  struct Row {
    /// From 1.
    let line: Int
    let fields: [String]
    let table: String

    func error(_ message: String) -> Problem { Problem(table, line: line, message) }
  }

  /// The path in messages.
  let path: String
  /// Column names; empty for a table without header.
  let header: [String]
  private var rows: DelimitedRows
  private let habits: Set<Habit>

  /// Throws `Problem` if there is no such file or no header.
  init(
    _ url: URL, separator: Character = ",", hasHeader: Bool = true, habits: Set<Habit> = []
  ) throws {
    path = url.path
    rows = try DelimitedRows(url, separator: separator)
    self.habits = habits
    guard hasHeader else {
      header = []
      return
    }
    guard let first = try rows.next() else {
      throw Problem(url.path, line: 1, "no header; expected column names")
    }
    header = first.fields
  }

  /// The index of a column. Throws `Problem` if the header lacks it.
  func column(_ name: String) throws -> Int {
    guard let index = header.firstIndex(of: name) else {
      let shown = header.prefix(8).joined(separator: ", ") + (header.count > 8 ? ", …" : "")
      throw Problem(path, line: 1, "no column \(name) among \(shown); expected one")
    }
    return index
  }

  /// Calls `body` with every row of `width` fields; nil is the number of columns in the header.
  /// `orMore`: rows may have more fields. Errors of `body` are logged, and reading goes on.
  func read(
    width: Int? = nil, orMore: Bool = false, _ issues: inout IssueLog,
    _ body: (Row) throws(Problem) -> Void
  ) {
    let width = width ?? header.count
    var rows = rows
    do {
      while let next = try rows.next() {
        let row = Row(line: next.line, fields: next.fields, table: path)
        do throws(Problem) {
          guard next.fields.count == width || orMore && next.fields.count > width else {
            throw row.error("\(next.fields.count) fields; expected \(width)")
          }
          try body(row)
        } catch {
          issues.append(error)
        }
      }
    } catch {
      let problem = error as? Problem
      issues.error(
        Problem(path, line: problem?.line, "").position,
        (problem?.message ?? "cannot be read") + "; nothing after it was read")
    }
    report(rows.form, &issues)
  }

  private func report(_ form: TextForm, _ issues: inout IssueLog) {
    if form.hasMark { issues.warn("\(path):1", "begins with a byte-order mark; ignored") }
    if form.carriageReturns > 0, form.newlines > 0 {
      issues.warn(
        path, "\(form.carriageReturns) lines end in CR LF, \(form.newlines) in LF; both accepted")
    } else if form.carriageReturns > 0, !habits.contains(.carriageReturns) {
      issues.warn(path, "lines end in CR LF, as published in LF; accepted")
    }
    if form.quotes > 0, !habits.contains(.quotes) {
      issues.warn(path, "\(form.quotes) fields in quotes, none as published; accepted")
    }
  }
}

/// A count in the files of a data set beside the published one.
package struct DataCount: Sendable, Equatable, Encodable {
  package let what: String
  package let published: [Int]
  package let found: [Int]

  package let differs: Bool

  init(_ what: String, published: [Int], found: [Int]) {
    self.what = what
    self.published = published
    self.found = found
    differs = published != found
  }

  init(_ what: String, published: Int, found: Int) {
    self.init(what, published: [published], found: [found])
  }
}

/// The content of the tables of a published data set.
package struct Annotations: Sendable {
  /// One clip.
  struct Entry: Sendable {
    let id: String
    /// Possible names of its sound file, relative to one of the folders; empty if the data set has
    /// no sound.
    let files: [String]
    var split: Split
    var labels: [Float?]
    var group: String?
    /// The row that names it first.
    let table: String
    let line: Int

    var place: String { "\(table):\(line)" }
  }

  /// The form of the data set that was found, in a few words.
  package var layout = "as published"
  package var classes: [String] = []
  var entries: [Entry] = []
  package var counts: [DataCount] = []
  package var issues = IssueLog()
  /// Whether splits or labels are missing, so that empty ones are not reported.
  var isPartial = false
  /// Remarks for users who train on it, one line each.
  package var remarks: [String] = []
  /// The length of every clip in s.
  var seconds = 10.0
  /// Folders below the root that may contain the sounds.
  var folders: [String] = []
}

extension Annotations {
  func count(_ split: Split) -> Int { entries.count { $0.split == split } }

  /// Moves about `share` of the training clips to `target`, in whole groups drawn by `seed`.
  mutating func move(_ share: Double, to target: Split, seed: Int) {
    let chosen = GroupDraw(share: share, seed: seed, stream: target.index).chosen(
      entries.filter { $0.split == .train }.map { $0.group ?? $0.id })
    for i in entries.indices where entries[i].split == .train {
      if chosen.contains(entries[i].group ?? entries[i].id) { entries[i].split = target }
    }
  }
}
