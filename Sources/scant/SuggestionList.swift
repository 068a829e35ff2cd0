// The file of suggested labels, and what is read back of it.
import Formats
import Foundation
import Lab

/// The file of suggestions: `clip,class,score,student,teacher,reason,guess,answer`.
enum SuggestionList {
  static let header = [
    "clip", "class", "score", "student", "teacher", "reason", "guess", "answer",
  ]

  static func text(_ found: [LabelSuggestion]) -> String {
    let rows = found.map { suggestion in
      [
        suggestion.clip, suggestion.className, Double(suggestion.score).fixed(4),
        number(suggestion.student, 4), number(suggestion.teacher, 4), suggestion.reason,
        number(suggestion.guess, 2), "",
      ]
    }
    return text([header] + rows)
  }

  /// `file,label,guess`: a table of labels that lacks the labels. The guess is not read back.
  static func text(_ found: [FirstClip]) -> String {
    let rows = found.map { clip in
      let tags = clip.tags.map { "\($0.name) \(Double($0.score).fixed(2))" }
      return [clip.file, "", tags.joined(separator: "; ")]
    }
    return text([["file", "label", "guess"]] + rows)
  }

  /// `clip,class,given,probability,margin,split,checkedBy`.
  static func text(_ found: [WrongLabel]) -> String {
    let header = ["clip", "class", "given", "probability", "margin", "split", "checkedBy"]
    let rows = found.map { label in
      [
        label.clip, label.className, label.isPositive ? "1" : "0", number(label.probability, 4),
        number(label.margin, 4), label.split, label.origin.rawValue,
      ]
    }
    return text([header] + rows)
  }

  private static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map(CSVText.quoted).joined(separator: ",") + "\n" }.joined()
  }

  private static func number(_ value: Float?, _ digits: Int) -> String {
    value.map { Double($0).fixed(digits) } ?? ""
  }

  /// The rows with an answer: 1, 0, yes, no, or - for one left open. Other columns may follow or be
  /// absent. Throws `Problem` with file and line.
  static func answers(_ url: URL, run: String) throws -> [LabelAnswer] {
    let table = try DelimitedText.read(url)
    func column(_ name: String) throws -> Int {
      guard let index = table.header.firstIndex(of: name) else {
        throw Problem(
          url.relativePath, line: 1, "no column '\(name)'; expected clip, class and answer")
      }
      return index
    }
    let (clip, name, answer) = (try column("clip"), try column("class"), try column("answer"))
    let now = Date().formatted(.iso8601)
    return try table.rows.compactMap { line, fields in
      let text = fields[answer].trimmingCharacters(in: .whitespaces).lowercased()
      guard !text.isEmpty else { return nil }
      let values = ["1": LabelAnswer.Value.yes, "yes": .yes, "0": .no, "no": .no, "-": .open]
      guard let value = values[text] else {
        throw Problem(
          url.relativePath, line: line, "answer '\(fields[answer])'; expected 1, 0, - or nothing")
      }
      return LabelAnswer(
        clip: fields[clip], className: fields[name], value: value, when: now, run: run)
    }
  }
}
