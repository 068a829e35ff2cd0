// Answers to missing labels, kept as a table beside the session that asked for them.
import Acoustics
import Formats
import Foundation

/// The file `patch.csv`: one row a cell (clip, class), in the order of the answers. It is written
/// whole at every answer, beside the old one and renamed, so a crash costs the last answer at most.
public struct LabelPatch: Sendable, Equatable {
  public static let fileName = "patch.csv"
  private static let header = ["clip", "class", "answer", "when", "run"]

  private struct Row: Sendable, Equatable {
    var answer: LabelAnswer
    /// In the file it was read from.
    var line: Int?
  }

  private var rows: [Row] = []
  /// Names the file in errors.
  private let file: String

  private struct Cell: Hashable {
    let clip, className: String
    init(_ answer: LabelAnswer) { (clip, className) = (answer.clip, answer.className) }
  }

  public init(_ answers: [LabelAnswer] = []) {
    file = Self.fileName
    for answer in answers { record(answer) }
  }

  /// Throws `Problem` with the line of a row that is no answer, or answers a cell again.
  public init(reading url: URL) throws {
    let table = try DelimitedText.read(url)
    file = url.relativePath
    guard table.header == Self.header else {
      throw Problem(
        file, line: 1,
        "header \(table.header.joined(separator: ",")); expected "
          + Self.header.joined(separator: ","))
    }
    var lines: [Cell: Int] = [:]
    for (line, fields) in table.rows {
      let answer = try Self.answer(fields, line, file)
      if let first = lines.updateValue(line, forKey: Cell(answer)) {
        throw Problem(
          file, line: line,
          "\(answer.className) in \(answer.clip) again, first on line \(first); "
            + "expected one row a cell")
      }
      rows.append(Row(answer: answer, line: line))
    }
  }

  private static func answer(
    _ fields: [String], _ line: Int, _ file: String
  ) throws -> LabelAnswer {
    func wrong(_ message: String) -> Problem {
      Problem(file, line: line, message)
    }
    guard !fields[0].isEmpty, !fields[1].isEmpty else {
      throw wrong("no clip or no class; expected both")
    }
    guard let value = LabelAnswer.Value(rawValue: fields[2]) else {
      throw wrong("answer '\(fields[2])'; expected 1, 0 or -")
    }
    guard fields[3].isEmpty || LabelAnswer.isMoment(fields[3]) else {
      throw wrong("when '\(fields[3])'; expected a time such as 2026-03-01T17:05:09Z, or nothing")
    }
    return LabelAnswer(
      clip: fields[0], className: fields[1], value: value, when: fields[3], run: fields[4])
  }

  public var answers: [LabelAnswer] { rows.map(\.answer) }

  /// Those that say yes or no.
  public var count: Int { rows.count { $0.answer.value != .open } }

  /// Puts the answer last; an earlier one to the same cell goes.
  public mutating func record(_ answer: LabelAnswer) {
    takeBack(clip: answer.clip, className: answer.className)
    rows.append(Row(answer: answer, line: nil))
  }

  public mutating func takeBack(clip: String, className: String) {
    rows.removeAll { $0.answer.clip == clip && $0.answer.className == className }
  }

  /// Replaces the file in one go. Throws `Problem`; the old file is then as it was.
  public func write(to url: URL) throws {
    let lines = rows.map { row in
      let answer = row.answer
      let fields = [
        answer.clip, answer.className, answer.value.rawValue, answer.when, answer.run,
      ]
      return fields.map(CSVText.quoted).joined(separator: ",")
    }
    let text = ([Self.header.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
    try AtomicFile.write(Data(text.utf8), to: url)
  }

  /// Of what training sees: cells and their yes or no, in whatever order they were answered.
  public var digest: String {
    let said = answers.filter { $0.value != .open }
      .map { "\($0.clip)\t\($0.className)\t\($0.value.rawValue)\n" }
    return Digest.hex(said.sorted().joined().utf8)
  }

  /// Each answer and what to call its place in an error.
  var placed: [(answer: LabelAnswer, error: @Sendable (String) -> Problem)] {
    rows.map { row in
      (row.answer, { [file] in Problem(file, line: row.line, $0) })
    }
  }
}
