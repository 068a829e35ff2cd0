/// Keys from a file, for demonstrations and tests: one a line, by label (`R`, `space`, `C-l`) or by
/// the name of an action (`showTrain`); `wait 2` lets two seconds pass, `#` begins a comment.
import Canvas
import Formats
import Foundation
import Panes

struct KeyScript {
  enum Step: Equatable {
    case key(Key)
    case action(Action.ID)
    /// Seconds.
    case wait(Double)
  }

  private(set) var steps: [Step]

  /// Throws one line naming the file and the line when a word is no key, action or wait.
  init(file: String) throws {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw Problem(file, line: nil, "cannot be read; expected key names")
    }
    steps = try text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated().compactMap { number, line in
        try Self.step(line.trimmingCharacters(in: .whitespaces), file, number + 1)
      }
  }

  /// The next step, taken off the list.
  mutating func next() -> Step? { steps.isEmpty ? nil : steps.removeFirst() }

  private static func step(_ line: String, _ file: String, _ number: Int) throws -> Step? {
    if line.isEmpty || line.hasPrefix("#") { return nil }
    let words = line.split(separator: " ").map(String.init)
    if words.count == 2, words[0] == "wait", let seconds = Double(words[1]), seconds >= 0 {
      return .wait(min(seconds, 3600))
    }
    if let id = Action.ID(rawValue: line) { return .action(id) }
    if let key = Key(label: line) { return .key(key) }
    throw Problem(
      file, line: number,
      "'\(line)' is no key; expected a label such as R, space, C-l, an action's name, "
        + "or 'wait SECONDS'")
  }
}
