// A recipe as YAML: read from people, written with every setting spelled out.
import Foundation
import Layers
import PlainYAML
import Yams

extension Recipe {
  /// The keys of a recipe file.
  static let topLevelKeys = [
    "dataset", "model", "method", "training", "seed", "code", "dataDigest",
  ]

  /// From YAML; an unknown key, a wrong type or an impossible value is a `RecipeError`.
  public init(yaml: String, file: String) throws {
    let document = try YAMLDocument(yaml, file: file)
    self.init()
    let nodes = try document.topLevel(known: Self.topLevelKeys)
    if let node = nodes.first(where: { $0.key == "seed" })?.value {
      let entry = YAMLDocument.Entry(
        key: "seed", text: try document.scalar(node, "seed"), line: node.mark?.line ?? 1)
      self = try applying([entry], file: file)
    }
    let owners = ["dataset", "model", "method", "training"]
    let entries = try nodes.filter { owners.contains($0.key) }.flatMap { key, node in
      try document.identified(node, key)
    }
    self = try applying(entries, file: file)
    if nodes.contains(where: { $0.key == "code" }) { try dateBack(before: entries.map(\.key)) }
  }

  /// Settings that did not exist when a run wrote these keys get the value that the run used.
  private mutating func dateBack(before written: [String]) throws {
    for setting in settings where !written.contains(setting.key) {
      guard let before = setting.before else { continue }
      self = try self.setting(setting.key, to: before.description)
    }
  }

  /// Applies the identities (`….id`) first, since the settings depend on them. Errors have a line.
  func applying(_ entries: [YAMLDocument.Entry], file: String) throws -> Recipe {
    var recipe = self
    let identities = entries.filter { $0.key.hasSuffix(".id") }
    for entry in identities + entries.filter({ !$0.key.hasSuffix(".id") }) {
      if entry.key.hasPrefix("dataset."), recipe.isOfAnotherDataset(entry.key) { continue }
      do {
        recipe = try recipe.setting(entry.key, to: entry.text)
        if entry.key == "dataset.root", !entry.text.isEmpty {
          recipe.rootOrigin = "\(file):\(entry.line)"
        }
      } catch let error as RecipeError {
        throw error.at(file, entry.line)
      }
    }
    return recipe
  }

  /// The resolved recipe: every setting written out. `dataDigest`: if it is known. `remarks`: one
  /// line each for settings by dotted key, written as comments.
  public func yaml(dataDigest: String? = nil, remarks: [String: String] = [:]) -> String {
    var lines = ["code: \(YAMLText.quoted(Build.version))"]
    if let dataDigest { lines.append("dataDigest: \(YAMLText.quoted(dataDigest))") }
    lines.append("seed: \(seed)")
    for (owner, id) in [
      ("dataset", dataset), ("model", model), ("method", method), ("training", nil),
    ] {
      lines.append("\(owner):")
      if let id { lines.append("  id: \(YAMLText.quoted(id))") }
      for setting in settings where setting.key.hasPrefix("\(owner).") {
        let key = setting.key.dropFirst(owner.count + 1)
        let remark = remarks[setting.key].map { "  # \(OneLine.text($0))" } ?? ""
        lines.append("  \(key): \(emitted(setting))\(remark)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func emitted(_ setting: AnyHyperparameter) -> String {
    let value = resolved(setting.key) ?? setting.initial
    if case .choice(let text) = value { return YAMLText.quoted(text) }
    return value.description
  }

  /// The first setting in which two recipes differ, leaving out what cannot change a result.
  func difference(from other: Recipe) -> String? {
    let keys = RecipeSchema.identities + settings.map(\.key)
    var ignored: Set = ["dataset.root", "training.threads"]
    // A run keeps its own copy of the patch: the path of the file does not matter.
    if patchFile != nil, other.patchFile != nil { ignored.insert("dataset.patch") }
    guard let key = keys.first(where: { !ignored.contains($0) && self[$0] != other[$0] }) else {
      return nil
    }
    return "\(key) was \(other[key] ?? "absent") and is now \(self[key] ?? "absent")"
  }
}

extension YAMLDocument {
  /// `model: cnn` or `model: { id: cnn, … }`.
  func identified(_ node: Node, _ owner: String) throws -> [Entry] {
    guard node.mapping == nil else { return try entries(node, prefix: owner) }
    return [Entry(key: "\(owner).id", text: try scalar(node, owner), line: node.mark?.line ?? 1)]
  }
}

struct YAMLDocument {
  /// A scalar somewhere in a mapping: its dotted key, its text and its line.
  struct Entry: Equatable {
    let key: String
    let text: String
    let line: Int

    /// The same value under another key.
    func renamed(_ key: String) -> Entry { Entry(key: key, text: text, line: line) }
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

  /// The text of a file; a file that is too large is refused before it is read whole. Throws
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

  func error(line: Int, key: String? = nil, _ message: String) -> RecipeError {
    RecipeError(file: file, line: line, key: key, message: message)
  }

  /// A key of a mapping: its text, its node and its value.
  typealias Pair = (name: String, key: Node, value: Node)

  /// The pairs of a mapping in the file's order. Throws `RecipeError` for another node.
  func pairs(_ node: Node, _ key: String, expected: String) throws -> [Pair] {
    guard let mapping = node.mapping else {
      throw error(node, key, "is not a mapping; expected \(expected)")
    }
    return mapping.map { ($0.key.string ?? "", $0.key, $0.value) }
  }

  /// The pairs of the top level in the file's order; a key that is not `known` is an error.
  func topLevel(known: [String]) throws -> [(key: String, value: Node)] {
    try root.map { key, value in
      let name = key.string ?? ""
      guard known.contains(name) else { throw unknown(name, key, among: known) }
      return (name, value)
    }
  }

  /// A name at `node`, below the key `parent` if there is one, that is not `known`.
  func unknown(
    _ name: String, _ node: Node, below parent: String? = nil, as what: String = "key",
    among known: [String]
  ) -> RecipeError {
    let path = [parent, name].compactMap { $0 }.joined(separator: ".")
    return error(node, path, RecipeError.unknown(what, name, among: known))
  }

  /// Scalars below a mapping, nested keys joined with dots.
  func entries(_ node: Node, prefix: String, depth: Int = 0) throws -> [Entry] {
    guard depth < 4 else { throw error(node, prefix, "is nested too deeply; expected a value") }
    var found: [Entry] = []
    for (name, key, value) in try pairs(node, prefix, expected: "{ key: value, … }") {
      let path = "\(prefix).\(name)"
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
