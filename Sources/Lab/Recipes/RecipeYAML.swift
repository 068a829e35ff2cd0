// A recipe as YAML: read from people, written with every setting spelled out.
import Foundation
import Layers
import Yams

extension Recipe {
  /// From YAML; an unknown key, a wrong type or an impossible value is a `RecipeError`.
  public init(yaml: String, file: String) throws {
    let document = try YAMLDocument(yaml, file: file)
    self.init()
    let known = ["dataset", "model", "method", "training", "seed", "code", "dataDigest"]
    let nodes = try document.topLevel(known: known)
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

  /// Keys that are younger than the run that wrote `written` mean what the run did.
  private mutating func dateBack(before written: [String]) throws {
    for setting in settings where !written.contains(setting.key) {
      guard let before = setting.before else { continue }
      self = try self.setting(setting.key, to: before.description)
    }
  }

  /// Who it is first (`….id`), then the settings, which depend on it. Errors carry their line.
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

  /// The resolved recipe: every setting written out. `dataDigest` where it is known.
  public func yaml(dataDigest: String? = nil) -> String {
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
        lines.append("  \(key): \(emitted(setting))")
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
    // A run keeps its own copy of the patch: where the file lay does not matter.
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
