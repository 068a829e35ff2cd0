// A small YAML file read with Yams: mappings, lists and scalars with the lines they stand on.
import Foundation
import PlainYAML
import Yams

struct YAMLDocument {
  /// A scalar somewhere in a mapping: its dotted key, its text and its line.
  struct Entry: Equatable {
    let key: String
    let text: String
    let line: Int
  }

  let file: String
  let root: Node.Mapping

  /// Throws `RecipeError` with file and line.
  init(_ text: String, file: String) throws {
    self.file = file
    do {
      guard let node = try PlainYAML.compose(text), let mapping = node.mapping else {
        throw RecipeError(file: file, line: 1, message: "no mapping; expected 'key: value' lines")
      }
      root = mapping
    } catch let problem as YAMLProblem {
      throw RecipeError(file: file, line: problem.line, message: problem.message)
    }
  }

  init(contentsOf url: URL, file: String? = nil) throws {
    try self.init(Self.text(of: url, named: file), file: file ?? url.path)
  }

  /// The text of a file, which is refused before it is read whole where it is too large. Throws
  /// `RecipeError`.
  static func text(
    of url: URL, named file: String? = nil, expecting what: String = "a YAML file"
  ) throws(RecipeError) -> String {
    do { return try PlainYAML.text(at: url.path, expecting: what) } catch {
      throw RecipeError(file: file ?? url.path, line: error.line, message: error.message)
    }
  }

  func error(_ node: Node, _ key: String, _ message: String) -> RecipeError {
    RecipeError(file: file, line: node.mark?.line, key: key, message: message)
  }

  /// The entries of the top level in the file's order; a key that is not `known` is an error.
  func topLevel(known: [String]) throws -> [(key: String, value: Node)] {
    try root.map { key, value in
      let name = key.string ?? ""
      guard known.contains(name) else {
        throw error(key, name, RecipeError.unknown("key", name, among: known))
      }
      return (name, value)
    }
  }

  /// Scalars below a mapping, nested keys joined with dots.
  func entries(_ node: Node, prefix: String, depth: Int = 0) throws -> [Entry] {
    guard let mapping = node.mapping, depth < 4 else {
      throw error(node, prefix, "is no mapping; expected { key: value, … }")
    }
    var found: [Entry] = []
    for (key, value) in mapping {
      let path = "\(prefix).\(key.string ?? "")"
      if value.mapping != nil {
        found += try entries(value, prefix: path, depth: depth + 1)
      } else {
        let line = key.mark?.line ?? 1
        found.append(Entry(key: path, text: try scalar(value, path), line: line))
      }
    }
    return found
  }

  /// The text of a scalar; a list, a mapping or nothing is an error.
  func scalar(_ node: Node, _ key: String) throws -> String {
    guard let scalar = node.scalar else {
      throw error(node, key, "is a list or a mapping; expected one value")
    }
    guard node.null == nil || scalar.style != .plain else {
      throw error(node, key, "has no value; expected one")
    }
    return scalar.string
  }

  /// A list of scalars with their lines; a single scalar counts as a list of one.
  func list(_ node: Node, _ key: String) throws -> [(text: String, line: Int)] {
    let nodes = node.sequence.map(Array.init) ?? [node]
    guard !nodes.isEmpty else { throw error(node, key, "is empty; expected at least one value") }
    return try nodes.map { (try scalar($0, key), $0.mark?.line ?? 1) }
  }
}

/// Writing scalars so that every YAML reader gives the same text back.
enum YAMLText {
  private static let words: Set<String> = [
    "true", "false", "yes", "no", "on", "off", "null", "y", "n",
  ]

  /// Plain where that is safe, else double-quoted with escapes.
  static func quoted(_ text: String) -> String {
    let isWord = text.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "._/-".contains($0))
    }
    if isWord, let first = text.first, first.isLetter, !words.contains(text.lowercased()) {
      return text
    }
    return "\"" + text.unicodeScalars.map(escaped).joined() + "\""
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case "\t": "\\t"
    case _
    where scalar.value < 0x20 || (0x7f...0xa0).contains(scalar.value)
      || (0x2028...0x2029).contains(scalar.value) || scalar.value == 0xfeff:
      "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count)
        + String(scalar.value, radix: 16)
    default: String(scalar)
    }
  }
}
