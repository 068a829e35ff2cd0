/// A person at a terminal who knows nothing but what it says: a key is pressed only where the last
/// row, a menu, the tabs or the help name it at that moment.
import Foundation
import Testing

final class Visitor {
  private let tmux: Tmux
  private let scant: Program
  /// Keys that the help has named so far.
  private var learned: Set<String> = []

  init(_ scant: Program, _ arguments: String, width: Int = 80, height: Int = 24) throws {
    self.scant = scant
    tmux = try Tmux(scant, width: width, height: height, arguments: arguments)
  }

  /// The first frame that holds all of these words.
  @discardableResult
  func sees(_ words: String..., at line: SourceLocation = #_sourceLocation) throws -> String {
    try waits("\(words)", at: line) { frame in words.allSatisfy { frame.contains($0) } }
  }

  /// The first frame for which something is true; none within half a minute is an issue.
  @discardableResult
  func waits(
    _ what: String, at line: SourceLocation = #_sourceLocation, until isTrue: (String) -> Bool
  ) throws -> String {
    let end = Date().addingTimeInterval(120)
    var frame = try tmux.frame
    while !isTrue(frame), Date() < end {
      Thread.sleep(forTimeInterval: 0.04)
      frame = try tmux.frame
    }
    try #require(isTrue(frame), "never seen: \(what)\n\(frame)", sourceLocation: line)
    return frame
  }

  /// Presses a key that the last row names with what it does: `space pause`.
  func press(_ hint: String, at line: SourceLocation = #_sourceLocation) throws {
    try waits("hint \(hint)", at: line) { Self.lastRow($0).contains(" \(hint)  ") }
    try send(String(hint.prefix { $0 != " " }))
  }

  /// Presses a key that the help has named.
  func press(learned key: String) throws {
    try #require(learned.contains(key), "nobody has told of \(key)")
    try send(key)
  }

  /// Goes to a screen by the number in its tab: `5Missing`.
  func open(_ tab: String, at line: SourceLocation = #_sourceLocation) throws {
    try sees(" \(tab) ", at: line)
    try send(String(tab.prefix(1)))
    try sees("[\(tab)]", at: line)
  }

  /// Takes a menu's choice by its key: `(d) leave`.
  func choose(_ choice: String, at line: SourceLocation = #_sourceLocation) throws {
    try sees(choice, at: line)
    try send(String(choice.dropFirst().prefix { $0 != ")" }))
  }

  /// Looks for words in the help, which must name the key before them.
  func learns(
    _ key: String, for words: String, at line: SourceLocation = #_sourceLocation
  ) throws {
    try waits("the help's key", at: line) { Self.lastRow($0).contains("? q help") }
    try send("?")
    try sees("help ·", "/ search", at: line)
    try send("/")
    try tmux.type(words)
    try waits("\(key) for \(words)", at: line) { frame in
      frame.split(separator: "\n").contains { row in
        guard let at = row.range(of: words) else { return false }
        return row[..<at.lowerBound].split(separator: " ").contains { $0 == key }
      }
    }
    learned.insert(key)
    try send("esc")
    try waits("the help is gone", at: line) { !$0.contains("help ·") }
  }

  /// Closes a box that names `esc` in its border.
  func closes(at line: SourceLocation = #_sourceLocation) throws {
    try sees("esc ═╗", at: line)
    try send("esc")
    try waits("the box is gone", at: line) { !$0.contains("esc ═╗") }
  }

  /// Quits by the key that the last row names last; where that asks, by a choice.
  func quits(choosing choice: String? = nil, at line: SourceLocation = #_sourceLocation) throws {
    try waits("the quit key", at: line) { Self.lastRow($0).contains("? q help, quit") }
    try send("q")
    if let choice { try choose(choice, at: line) }
    try sees("EXIT 0", at: line)
  }

  private func send(_ key: String) throws {
    let names = ["space": "Space", "tab": "Tab", "enter": "Enter", "esc": "Escape"]
    try tmux.press(names[key] ?? key)
  }

  private static func lastRow(_ frame: String) -> String {
    frame.split(separator: "\n").last.map { "\($0)  " } ?? ""
  }
}
