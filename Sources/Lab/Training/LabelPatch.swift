// Answers to missing labels, stored as a table in the folder of the session.
import Acoustics
import Datasets
import Formats
import Foundation

/// The file `patch.csv`: one row a cell (clip, class), in the order of the answers. It is written
/// whole at every answer, beside the old one and renamed, so a crash costs the last answer at most.
public struct LabelPatch: Sendable, Equatable {
  public static let fileName = RunFolder.patchName
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

  /// Of several answers to a cell the last one counts.
  public init(_ answers: [LabelAnswer] = []) {
    file = Self.fileName
    var seen: Set<Cell> = []
    rows = answers.reversed().filter { seen.insert(Cell($0)).inserted }.reversed()
      .map { Row(answer: $0, line: nil) }
  }

  /// Throws `Problem` with the line of a row that is not an answer, or repeats a cell.
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

  /// Appends the answer; removes an earlier one to the same cell.
  public mutating func record(_ answer: LabelAnswer) {
    takeBack(clip: answer.clip, className: answer.className)
    rows.append(Row(answer: answer, line: nil))
  }

  /// The answers of yes or no, as labels of a folder's table.
  public var tableAnswers: [AnsweredTable.Answer] {
    answers.filter { $0.value != .open }.map {
      AnsweredTable.Answer(
        clip: $0.clip, className: $0.className, isPresent: $0.value == .yes)
    }
  }

  /// Both, of two answers to a cell that of `other`.
  func joined(with other: LabelPatch) -> LabelPatch { LabelPatch(answers + other.answers) }

  public mutating func takeBack(clip: String, className: String) {
    rows.removeAll { $0.answer.clip == clip && $0.answer.className == className }
  }

  /// Replaces the file atomically. Throws `Problem`; the old file is then unchanged.
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

  /// Digest of what training sees: cells and their yes or no, independent of their order.
  public var digest: String {
    let said = answers.filter { $0.value != .open }
      .map { "\($0.clip)\t\($0.className)\t\($0.value.rawValue)\n" }
    return Digest.hex(said.sorted().joined().utf8)
  }

  /// Each answer, and an error that names its line.
  var placed: [(answer: LabelAnswer, error: @Sendable (String) -> Problem)] {
    rows.map { row in
      (row.answer, { [file] in Problem(file, line: row.line, $0) })
    }
  }
}

extension LabelPatch {
  /// The answers that a run learns from; nil if its recipe names no patch. A run keeps a copy, so
  /// that later answers do not change it: resuming reads the copy, a fresh run makes it. Throws
  /// `Problem`.
  static func used(by recipe: Recipe, in run: RunFolder, isResuming: Bool) throws -> LabelPatch? {
    guard let file = recipe.patchFile else { return nil }
    if isResuming, try StoredFile.exists(run.patch) { return try LabelPatch(reading: run.patch) }
    let found = try LabelPatch(reading: file)
    try found.write(to: run.patch)
    return found
  }
}

/// A person's answer to a missing label, with its time and the run that suggested it.
public struct LabelAnswer: Sendable, Equatable {
  public enum Value: String, Sendable, CaseIterable {
    case yes = "1"
    case no = "0"
    /// Listened to and left open: not suggested again, never trained on.
    case open = "-"

    /// The label state of the answer; nil if left open.
    public var state: LabelState? {
      switch self {
      case .yes: .answeredYes
      case .no: .answeredNo
      case .open: nil
      }
    }
  }

  public var clip: String
  /// The class by its name.
  public var className: String
  public var value: Value
  /// UTC to the second, as in `2026-03-01T17:05:09Z`.
  public var when: String
  /// The run whose suggestion it answers; may be empty.
  public var run: String

  public init(clip: String, className: String, value: Value, when: String = "", run: String = "") {
    self.clip = clip
    self.className = className
    self.value = value
    self.when = when
    self.run = run
  }

  /// Now, in the form of `when`.
  static var now: String { Date().formatted(.iso8601) }

  /// Whether a text has the form of `when`.
  static func isMoment(_ text: String) -> Bool {
    (try? Date(text, strategy: .iso8601)) != nil
  }
}
