// From the tree of a `config.yaml` to preferences: a value that is wrong costs itself alone.
import Yams

extension Preferences {
  mutating func read(_ document: YAMLDocument) {
    for (key, value) in document.root {
      let name = key.string ?? ""
      attempt {
        guard Self.topKeys.contains(name) else {
          throw document.error(
            key, name, RecipeError.unknown("key", name, among: Self.topKeys))
        }
        try $0.take(name, value, document)
      }
    }
  }

  private mutating func take(_ name: String, _ value: Node, _ document: YAMLDocument) throws {
    switch name {
    case "theme": theme = try document.scalar(value, name)
    case "glyphs": glyphs = try choice(value, name, Self.glyphTiers, document)
    case "color": color = try choice(value, name, Self.colorTiers, document)
    case "keys": try readKeys(value, document)
    case "layout": try readLayout(value, document)
    default: break
    }
  }

  private func choice(
    _ node: Node, _ key: String, _ names: [String], _ document: YAMLDocument
  ) throws -> String {
    let text = try document.scalar(node, key)
    guard names.contains(text) else {
      let expected = names.joined(separator: ", ")
      throw document.error(node, key, "'\(text)' is unknown; expected one of \(expected)")
    }
    return text
  }

  private mutating func readKeys(_ node: Node, _ document: YAMLDocument) throws {
    guard let mapping = node.mapping else {
      throw document.error(node, "keys", "is no mapping; expected lines such as 'Z: suspend'")
    }
    for (key, value) in mapping {
      attempt {
        let label = try document.scalar(key, "keys")
        let action = try document.scalar(value, "keys.\(label)")
        $0.keys.append(Binding(key: label, action: action, line: key.mark?.line ?? 0))
      }
    }
  }

  private mutating func readLayout(_ node: Node, _ document: YAMLDocument) throws {
    guard let mapping = node.mapping else {
      throw document.error(
        node, "layout", "is no mapping; expected screen, widths, heights, folded")
    }
    for (key, value) in mapping {
      attempt {
        switch key.string ?? "" {
        case "screen": $0.layout.screen = try document.scalar(value, "layout.screen")
        case "widths": $0.layout.widths = try $0.shares(value, "layout.widths", document)
        case "heights": $0.layout.heights = try $0.shares(value, "layout.heights", document)
        case "folded":
          let isEmpty = value.sequence?.isEmpty ?? false
          let list = isEmpty ? [] : try document.list(value, "layout.folded")
          $0.layout.folded = list.map(\.text)
        case let name:
          throw document.error(
            key, "layout.\(name)",
            RecipeError.unknown(
              "key", name, among: ["screen", "widths", "heights", "folded"]))
        }
      }
    }
  }

  private func shares(
    _ node: Node, _ key: String, _ document: YAMLDocument
  ) throws -> [String: Int] {
    var shares: [String: Int] = [:]
    for entry in try document.entries(node, prefix: key) {
      guard let share = Int(entry.text), (-900...900).contains(share) else {
        throw RecipeError(
          file: document.file, line: entry.line, key: entry.key,
          message: "'\(entry.text)' is no share; expected -900 to 900 thousandths")
      }
      shares[String(entry.key.dropFirst(key.count + 1))] = share
    }
    return shares
  }

  /// Does `work`; what it throws is noted.
  private mutating func attempt(_ work: (inout Preferences) throws -> Void) {
    do { try work(&self) } catch { problems.append("\(error)") }
  }
}
