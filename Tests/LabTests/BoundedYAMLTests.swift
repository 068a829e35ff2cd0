// YAML made to harm: what it takes to refuse a file does not grow beyond the file.
import Foundation
import Lab
import Testing

struct BoundedYAMLTests {
  private let head = "title: t\ndataset: { id: band }\nmodel: { id: cnn }\nmethods: [b1]\n"

  private func error(_ text: String) -> String {
    do {
      _ = try Session(yaml: text, file: "s", folder: URL(fileURLWithPath: "/nowhere"))
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  /// Each level holds the one before it many times.
  private func bomb(_ levels: Int, _ width: Int, asKey: Bool = false) -> String {
    var lines = ["training:", "  a0: &a0 { k: 1 }"]
    for level in 1...levels {
      let inside = (0..<width).map { "k\($0): *a\(level - 1)" }.joined(separator: ", ")
      lines.append("  a\(level): &a\(level) { \(inside) }")
    }
    if asKey { lines.append("  ? *a\(levels)\n  : 1") }
    return head + lines.joined(separator: "\n") + "\n"
  }

  @Test func aliasesAreRefusedImmediately() {
    let texts = [
      bomb(2, 300), bomb(9, 9),
      head + "training: &a { epochs: 1 }\noverrides: { b1: *a }\n",
      head + "training:\n  <<: *a\n",
      head + "seeds: [*a, 1]\n", head + "training: { *a : 1 }\n",
    ]
    for text in texts {
      var start = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
      let said = error(text)
      var end = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
      let seconds = Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) * 1e-9
      #expect(said.contains("is an alias; expected the values themselves"), "\(said)")
      #expect(said.hasPrefix("s:"), "\(said)")
      #expect(seconds < 1, "\(seconds) s")
    }
    let line = error(head + "seeds: [1,\n  *a]\n")
    #expect(line == "s:6: '*a' is an alias; expected the values themselves")
  }

  @Test func aliasesAsKeysAreRefusedImmediately() {
    for text in [bomb(9, 9, asKey: true), bomb(9, 2, asKey: true)] {
      #expect(error(text) == "s:16: '?' begins a key; expected 'key: value', or quotes around it")
    }
  }

  /// A star or a question mark is text wherever YAML says so.
  @Test func asterisksElsewhereAreText() throws {
    let lines = [
      "# *not an alias*, ? nor a key", "table:", "  caption: |", "    *emphasis* and",
      "    ? questions *everywhere", "",
    ]
    #expect(error(head + lines.joined(separator: "\n")) == "no error")
    for title in ["\"*a\"", "'*a ? b'", "a *b", "what?", "a & b", "x*", "\"\u{e000}*\""] {
      let text = head.replacingOccurrences(of: "title: t", with: "title: \(title)")
      let session = try Session(yaml: text, file: "s", folder: URL(fileURLWithPath: "/nowhere"))
      #expect(session.title == title.trimmingCharacters(in: CharacterSet(charactersIn: "\"'")))
    }
  }

  @Test func commentsMayHaveAnyForm() {
    let rule = String(repeating: "# " + String(repeating: "-", count: 78) + "\n", count: 100)
    let odd = String(repeating: "# [[[{{{ ??? --- *** &&&\n", count: 200)
    #expect(error(rule + odd + head) == "no error")
    let dashes = String(repeating: "-", count: 5000)
    #expect(error(head + "table: { caption: \"\(dashes)\" }\n") == "no error")
  }

  /// As many runs as a session may have, each in brackets of its own.
  @Test func manyShortListsAreNotDeepNesting() {
    let variants = (0..<2000).map { "  - { name: v\($0), method: b1 }" }.joined(separator: "\n")
    #expect(error(head + "variants:\n" + variants + "\n") == "no error")
  }

  @Test func complexKeysAreRefused() {
    #expect(error(head + "? { a: 1 }\n: 2\n").hasPrefix("s:5: '?' begins a key; expected"))
    #expect(error(head + "? a\n: 2\n").hasPrefix("s:5: '?' begins a key; expected"))
    #expect(error(head + "training: { ? a : 1 }\n").contains("'?' begins a key; expected"))
    let deep =
      String(repeating: "{", count: 200) + "a" + String(repeating: ": 1}", count: 200) + ": 1\n"
    let said = error(head + deep)
    #expect(said.contains("has lists or mappings as keys; expected words"), "\(said)")
    let nested = String(repeating: "? ", count: 400) + "a\n"
    #expect(error(head + nested).contains("expected"))
  }

  @Test func nestingEndsInAnError() {
    let deep = error(head + "training: " + String(repeating: "[", count: 200_000))
    #expect(deep == "s:5: lists and mappings nest too deep; expected a page of YAML")
    for text in [
      String(repeating: "[", count: 200_000), String(repeating: "- ", count: 100_000),
      String(repeating: "a: {", count: 50_000), String(repeating: "? ", count: 100_000),
      (0..<700).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"),
    ] {
      let said = error(text)
      #expect(said.hasPrefix("s"))
      #expect(said.contains("expected"), "\(said)")
    }
  }

  /// Whatever the text holds, its error is one line.
  @Test(arguments: [
    "title: a\u{1}b\n", "title: \u{fffe}\n", "a: b: c\n", "\"a\\nb\": 1\n", "? |\n  a\n  b\n: 1\n",
    "title: t\n\"x\\u2028y\": 1\n", "title: t\n\"x\\e[2J\": 1\n", "\"a\\nb\": 1\n\"a\\nb\": 2\n",
    "seeds: [\"1\\n2\"]\n", "training: { \"a\\nb\": 1 }\n", "title: [", "%YAML 9.9\n---\na: 1\n",
    "--- a\n--- b\n", "\t- a\n", "title: !!int [\n", "key: @\n",
    "table: { columns: [\"a\\rb\"] }\n",
  ])
  func everyErrorIsOneLine(_ text: String) {
    let said = error(text)
    #expect(said != "no error")
    #expect(said.contains("expected") || said.contains("did you mean"), "\(said)")
    #expect(!said.unicodeScalars.contains { $0.properties.generalCategory == .control }, "\(said)")
    #expect(!said.contains { $0.isNewline }, "\(said)")
  }

  @Test func errorsKeepTheirLine() {
    let control = error("title: t\nmodel: a\u{1}\n")
    #expect(control.hasPrefix("s:2: control characters are not allowed"), "\(control)")
    let long = error(head + "\"" + String(repeating: "k", count: 100_000) + "\": 1\n")
    #expect(long.count < 1100)
  }

  @Test func sweepsAreCountedBeforeExpansion() {
    let values = (0..<9000).map(String.init).joined(separator: ",")
    let text = head + "sweep: { training.epochs: [\(values)], training.batch: [\(values)] }\n"
    #expect(error(text).contains("makes over 10000 runs; expected fewer values"))
  }

  @Test func otherFilesUseTheSameReader() {
    let text = "seed: 1\ntraining: &a { epochs: 1 }\nmethod: *a\n"
    let said = #expect(throws: RecipeError.self) { try Recipe(yaml: text, file: "r") }
    #expect(said.map { "\($0)" } == "r:3: '*a' is an alias; expected the values themselves")
  }
}
