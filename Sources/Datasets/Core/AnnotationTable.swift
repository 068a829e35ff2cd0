// One annotation table of a published data set, row by row: a bad row is logged and left out.
import Formats
import Foundation

struct AnnotationTable {
  /// Forms that the publisher uses in this table; elsewhere they are reported.
  enum Habit { case carriageReturns, quotes }

  struct Row {
    /// Counted from 1.
    let line: Int
    let fields: [String]
    let table: String

    func error(_ message: String) -> Problem { Problem(table, line: line, message) }
  }

  /// As it is named in messages.
  let path: String
  /// Column names; empty where the table has no header.
  let header: [String]
  private var rows: DelimitedRows
  private let habits: Set<Habit>

  /// Throws `Problem` where there is no such file, or no header.
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

  /// The index of a column. Throws `Problem` where the header lacks it.
  func column(_ name: String) throws -> Int {
    guard let index = header.firstIndex(of: name) else {
      let shown = header.prefix(8).joined(separator: ", ") + (header.count > 8 ? ", …" : "")
      throw Problem(path, line: 1, "no column \(name) among \(shown); expected one")
    }
    return index
  }

  /// Hands on every row of `width` fields (with a header: as many as it has). What `body` throws
  /// is logged and the next row follows.
  func read(
    width: Int? = nil, _ issues: inout IssueLog, _ body: (Row) throws(Problem) -> Void
  ) {
    let width = width ?? header.count
    var rows = rows
    do {
      while let next = try rows.next() {
        let row = Row(line: next.line, fields: next.fields, table: path)
        do throws(Problem) {
          guard next.fields.count == width else {
            throw row.error("\(next.fields.count) fields; expected \(width)")
          }
          try body(row)
        } catch {
          issues.append(error)
        }
      }
    } catch {
      let problem = error as? Problem
      issues.wrong(
        Problem(path, line: problem?.line, "").position,
        (problem?.message ?? "cannot be read") + "; nothing after it was read")
    }
    report(rows.form, &issues)
  }

  private func report(_ form: TextForm, _ issues: inout IssueLog) {
    if form.hasMark { issues.odd("\(path):1", "begins with a byte-order mark; left out") }
    if form.carriageReturns > 0, form.newlines > 0 {
      issues.odd(
        path, "\(form.carriageReturns) lines end in CR LF, \(form.newlines) in LF; both accepted")
    } else if form.carriageReturns > 0, !habits.contains(.carriageReturns) {
      issues.odd(path, "lines end in CR LF, as published in LF; accepted")
    }
    if form.quotes > 0, !habits.contains(.quotes) {
      issues.odd(path, "\(form.quotes) fields in quotes, none as published; accepted")
    }
  }
}

/// How many there are of something, next to how many were published.
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

/// The clips of a set as its tables have them.
package struct Annotations: Sendable {
  struct Entry: Sendable {
    let id: String
    /// Names that its sound may have, relative to one of the set's folders; none where the set
    /// brings no sound.
    let files: [String]
    var split: Split
    var labels: [Float?]
    var group: String?
    /// Where it is first named.
    let table: String
    let line: Int

    var place: String { "\(table):\(line)" }
  }

  /// Which of the forms of the set was found, in a few words.
  package var layout = "as published"
  package var classes: [String] = []
  var entries: [Entry] = []
  package var counts: [DataCount] = []
  package var issues = IssueLog()
  /// Splits or labels are not at hand, so nothing is said of what they lack.
  var isPartial = false
  /// What somebody who trains on it should know, one line each.
  package var remarks: [String] = []
  /// Length of every clip, in s.
  var seconds = 10.0
  /// Folders under the root that may hold the sounds.
  var folders: [String] = []
}

extension Annotations {
  func count(_ split: Split) -> Int { entries.count { $0.split == split } }

  /// Moves about `share` of the training clips to `target`, whole groups at a time, by `seed`.
  mutating func move(_ share: Double, to target: Split, seed: Int) {
    let chosen = GroupDraw(share: share, seed: seed, stream: target.index).chosen(
      entries.filter { $0.split == .train }.map { $0.group ?? $0.id })
    for i in entries.indices where entries[i].split == .train {
      if chosen.contains(entries[i].group ?? entries[i].id) { entries[i].split = target }
    }
  }
}
