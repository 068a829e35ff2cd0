// YAML without aliases and without lists or mappings as keys, so that the cost of reading a file is
// bounded by its size. It reads sessions, recipes, the configuration and themes.
import Foundation
import Yams

/// Why a text cannot be read, in one line.
public struct YAMLProblem: Error, Sendable, Equatable {
  /// From 1.
  public let line: Int?
  /// "what is wrong; what was expected".
  public let message: String

  init(line: Int? = nil, _ message: String) {
    self.line = line
    self.message = OneLine.text(message)
  }
}

public enum PlainYAML {
  public static let largestSize = 256 << 10
  /// Complex keys such as `[a, b]: c` cost time that grows with the square of their nesting.
  private static let mostComplexKeys = 32

  /// The tree of the one document in `text`; nil for an empty one. Throws `YAMLProblem`.
  ///
  /// Nested aliases multiply: a page of them expands to gigabytes. Yams builds that tree before
  /// anything can be checked, so the text is first composed with every `*` and `?` replaced by
  /// characters without meaning in YAML. A plain scalar that then begins with one of them was an
  /// alias or a complex key.
  public static func compose(_ text: String) throws -> Node? {
    guard text.utf8.count <= largestSize else {
      throw YAMLProblem("is larger than \(largestSize >> 10) KiB; expected a page of YAML")
    }
    guard complexKeys(text) <= mostComplexKeys else {
      throw YAMLProblem("has lists or mappings as keys; expected words")
    }
    let mask = Mask(text)
    if let masked = mask.text {
      do {
        if let node = try tree(masked, mask) { try check(node, mask) }
      } catch let problem as YAMLProblem {
        throw explicitKey(text, until: problem.line) ?? problem
      }
    }
    return try tree(text, nil)
  }

  /// The mask turns `? a` at the beginning of a line into a plain scalar, whose error would not
  /// mention the question mark.
  private static func explicitKey(_ text: String, until last: Int?) -> YAMLProblem? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(last ?? .max)
    let found = lines.firstIndex { $0.drop { $0 == " " || $0 == "-" }.hasPrefix("? ") }
    return found.map { keyProblem(line: $0 + 1) }
  }

  private static func keyProblem(line: Int?) -> YAMLProblem {
    YAMLProblem(line: line, "'?' begins a key; expected 'key: value', or quotes around it")
  }

  private static func tree(_ text: String, _ mask: Mask?) throws -> Node? {
    do {
      return try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw problem(error, mask)
    }
  }

  /// The number of brackets that are closed right before a colon.
  private static func complexKeys(_ text: String) -> Int {
    var count = 0
    var isClosed = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "]"), UInt8(ascii: "}"): isClosed = true
      case UInt8(ascii: " "), UInt8(ascii: "\t"): break
      case UInt8(ascii: ":"):
        count += isClosed ? 1 : 0
        isClosed = false
      default: isClosed = false
      }
    }
    return count
  }

  /// Throws at the first scalar whose first character the mask changed.
  private static func check(_ node: Node, _ mask: Mask) throws {
    switch node {
    case .scalar(let scalar):
      guard scalar.style == .plain, let first = scalar.string.unicodeScalars.first else { return }
      let line = scalar.mark?.line
      if first == mask.star {
        let name = mask.restored(scalar.string)
        throw YAMLProblem(line: line, "'\(name)' is an alias; expected the values themselves")
      }
      if first == mask.question {
        throw keyProblem(line: line)
      }
    case .mapping(let mapping):
      for (key, value) in mapping {
        try check(key, mask)
        try check(value, mask)
      }
    case .sequence(let sequence): for item in sequence { try check(item, mask) }
    case .alias: throw YAMLProblem("has an alias; expected the values themselves")
    }
  }

  private static func problem(_ error: YamlError, _ mask: Mask?) -> YAMLProblem {
    switch error {
    case .parser(_, let problem, let mark, _) where problem.hasPrefix("Maximum nesting"):
      YAMLProblem(line: mark.line, "lists and mappings nest too deep; expected a page of YAML")
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      YAMLProblem(line: mark.line, "\(problem); expected YAML")
    case .duplicatedKeysInMapping(let duplicates, let context):
      YAMLProblem(
        line: context.mark.line,
        "'\(restored(duplicates, mask))' occurs twice; expected it once")
    case .reader(let problem, let offset, _, let yaml):
      YAMLProblem(line: line(of: offset, in: yaml), "\(problem); expected YAML")
    default: YAMLProblem("is not YAML; expected 'key: value' lines")
    }
  }

  private static func restored(_ names: [String], _ mask: Mask?) -> String {
    // Yams's name for keys that are not scalars.
    let text = names.map { $0 == "<uncovertable>" ? "a list or a mapping" : $0 }
      .joined(separator: ", ")
    return mask?.restored(text) ?? text
  }

  /// The line of a character, from 1; nil if the parser does not know it.
  private static func line(of offset: Int?, in text: String) -> Int? {
    offset.map { text.prefix($0).count(where: \.isNewline) + 1 }
  }
}

/// A text with the characters that begin aliases and complex keys replaced one by one, so that
/// lines and columns stay the same.
private struct Mask {
  /// Private-use characters that do not occur in the text.
  let star, question: Unicode.Scalar
  /// Nil if nothing was replaced.
  let text: String?

  init(_ original: String) {
    var free = Self.unused(original).makeIterator()
    star = free.next() ?? "\u{e000}"
    question = free.next() ?? "\u{e001}"
    guard original.utf8.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") })
    else {
      text = nil
      return
    }
    let (star, question) = (star, question)
    text = String(
      String.UnicodeScalarView(
        original.unicodeScalars.map { $0 == "*" ? star : $0 == "?" ? question : $0 }))
  }

  /// Two of the 6400 private-use characters; no page of YAML uses them all.
  private static func unused(_ text: String) -> [Unicode.Scalar] {
    let used = Set(text.unicodeScalars.lazy.filter { (0xe000...0xf8ff).contains($0.value) })
    return Array(
      (0xe000...0xf8ff).lazy.compactMap { Unicode.Scalar($0 as UInt32) }
        .filter { !used.contains($0) }.prefix(2))
  }

  func restored(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0 == star ? "*" : $0 == question ? "?" : $0 }))
  }
}

/// Turns text into one line of bounded length.
public enum OneLine {
  private static let longest = 1000

  /// `text` with line breaks and control characters escaped as in Swift. The middle of a very long
  /// text is left out, since the end of an error says what was expected.
  public static func text(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > longest || scalars.contains(where: isBreaking) else { return text }
    let escaped = scalars.prefix(longest / 2).map(escaped).joined()
    guard scalars.count > longest else {
      return escaped + scalars.dropFirst(longest / 2).map(self.escaped).joined()
    }
    return escaped + " … " + scalars.suffix(longest / 2).map(self.escaped).joined()
  }

  private static func isBreaking(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case _ where isBreaking(scalar): "\\u{" + String(scalar.value, radix: 16) + "}"
    default: String(scalar)
    }
  }
}

extension PlainYAML {
  /// The text of the file at `path`; errors say that `what` was expected. Pipes and devices are
  /// refused, since they may never end. Throws `YAMLProblem`.
  public static func text(at path: String, expecting what: String) throws(YAMLProblem) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { throw unreadable(errno, what) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw YAMLProblem("is not a regular file; expected \(what)")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(errno, what) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let data: Data
    do { data = try handle.read(upToCount: largestSize + 1) ?? Data() } catch {
      throw YAMLProblem("cannot be read; expected \(what)")
    }
    guard data.count <= largestSize else {
      throw YAMLProblem("is larger than \(largestSize >> 10) KiB; expected a page of YAML")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw YAMLProblem("is not UTF-8 text; expected \(what)")
    }
    return text
  }

  /// A file that exists but cannot be read is reported with the system's reason.
  private static func unreadable(_ code: Int32, _ what: String) -> YAMLProblem {
    let reason = code == ENOENT ? "" : " (\(String(cString: strerror(code))))"
    return YAMLProblem("cannot be read\(reason); expected \(what)")
  }
}
