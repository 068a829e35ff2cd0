// All settings of one run, by dotted key (`training.batch`, `dataset.observed`,
// `method.emaDecay`). One schema drives YAML, `--set`, the form and the help.
import Foundation
import Layers

public struct Recipe: Sendable, Equatable {
  public var dataset: String
  public var model: String
  public var method: String
  public var seed: Int
  /// What was said explicitly; the rest are defaults.
  private var values: [String: Hyperparameter.Value] = [:]
  /// `FILE:LINE` of what says where the data set lies.
  var rootOrigin: String?

  public init(dataset: String = "band", model: String = "cnn", method: String = "b1", seed: Int = 0)
  {
    self.dataset = dataset
    self.model = model
    self.method = method
    self.seed = seed
  }

  var settings: [Setting] {
    RecipeSchema.settings(dataset: dataset, model: model, method: method)
  }

  /// Every setting that applies to this data set, model and method, in the order of the form.
  public var fields: [RecipeField] {
    [seedField]
      + settings.map { setting in
        let parameter = setting.hyperparameter
        var choices: [String] = []
        if case .choice(let all) = parameter.range { choices = all }
        if case .flag = parameter.range { choices = ["yes", "no"] }
        if let layers = layers(for: setting.key) { choices = layers }
        return RecipeField(
          key: setting.key, title: parameter.title, help: parameter.help,
          value: value(of: setting).description, initial: parameter.initial.description,
          range: parameter.rangeText, choices: choices)
      }
  }

  private var seedField: RecipeField {
    RecipeField(
      key: "seed", title: "seed", help: "chance: hidden labels, initial weights, order of clips",
      value: "\(seed)", initial: "0", range: "0…\(Self.largestSeed)", choices: [])
  }

  private static let largestSeed = 1_000_000_000

  /// A setting's value as text; `nil` for an unknown key.
  public subscript(_ key: String) -> String? {
    switch key {
    case "dataset.id": dataset
    case "model.id": model
    case "method.id": method
    case "seed": "\(seed)"
    default: resolved(key)?.description
    }
  }

  /// A copy with one setting changed. Throws one sentence naming the key and what was expected.
  public func setting(_ key: String, to text: String) throws -> Recipe {
    var copy = self
    switch key {
    case "dataset.id": try copy.choose(dataset: text)
    case "model.id": copy.model = try Catalogs.check(text, as: .model)
    case "method.id": copy.method = try Catalogs.check(text, as: .method)
    case "seed": copy.seed = try Self.seed(from: text)
    default: copy.values[key] = try parse(text, for: key)
    }
    if key == "dataset.root" { copy.rootOrigin = nil }
    let applicable = Set(copy.settings.map(\.key))
    copy.values = copy.values.filter { applicable.contains($0.key) }
    return copy
  }

  /// Where a data set lies, and answers to what is missing in it, belong to that one alone.
  private mutating func choose(dataset id: String) throws {
    let id = try Catalogs.check(id, as: .dataset)
    guard id != dataset else { return }
    dataset = id
    for key in ["dataset.root", "dataset.patch"] { values[key] = nil }
    rootOrigin = nil
  }

  private func parse(_ text: String, for key: String) throws -> Hyperparameter.Value {
    let settings = self.settings
    guard let setting = settings.first(where: { $0.key == key }) else {
      let known = RecipeSchema.identities + settings.map(\.key)
      throw RecipeError(key: key, message: RecipeError.unknown("key", key, among: known))
    }
    do { return try setting.hyperparameter.value(from: text) } catch {
      throw RecipeError(key: key, message: error.message)
    }
  }

  static func seed(from text: String) throws -> Int {
    guard let seed = Int(text), (0...largestSeed).contains(seed) else {
      throw RecipeError(
        key: "seed", message: "'\(text)' is no seed; expected a whole number, 0…\(largestSeed)")
    }
    return seed
  }

  /// Two recipes are equal when they mean the same, written out or by default.
  public static func == (a: Recipe, b: Recipe) -> Bool {
    a.dataset == b.dataset && a.model == b.model && a.method == b.method && a.seed == b.seed
      && a.settings.allSatisfy { a.value(of: $0) == b.resolved($0.key) }
  }

  /// `nameOrFolder`: a data set's id, or a folder (recognized as `esc50` or `folder`).
  public func choosing(dataset nameOrFolder: String) throws -> Recipe {
    if Catalogs.datasets.contains(where: { $0 == nameOrFolder }) {
      return try setting("dataset.id", to: nameOrFolder)
    }
    let folder = URL(fileURLWithPath: nameOrFolder)
    if let id = try Catalogs.recognize(folder) {
      return try setting("dataset.id", to: id).setting("dataset.root", to: nameOrFolder)
    }
    return try setting("dataset.id", to: nameOrFolder)
  }
}

// MARK: typed access

extension Recipe {
  private func value(of setting: Setting) -> Hyperparameter.Value {
    values[setting.key] ?? setting.hyperparameter.initial
  }

  func resolved(_ key: String) -> Hyperparameter.Value? {
    settings.first { $0.key == key }.map(value)
  }

  /// The settings of one owner (`method`, `model`) without the prefix.
  package func hyperparameters(of owner: String) -> [String: Hyperparameter.Value] {
    var found: [String: Hyperparameter.Value] = [:]
    for setting in settings where setting.key.hasPrefix("\(owner).") {
      found[String(setting.key.dropFirst(owner.count + 1))] = value(of: setting)
    }
    return found
  }

  /// A number of the table; asking for another key is a mistake of ours.
  func real(_ key: String) -> Double {
    switch resolved(key) {
    case .real(let value): return value
    case .integer(let value): return Double(value)
    default: return undeclared(key, 0)
    }
  }

  func integer(_ key: String) -> Int {
    guard case .integer(let value) = resolved(key) else { return undeclared(key, 0) }
    return value
  }

  func flag(_ key: String) -> Bool {
    guard case .flag(let value) = resolved(key) else { return undeclared(key, false) }
    return value
  }

  func text(_ key: String) -> String { resolved(key)?.description ?? undeclared(key, "") }

  /// Also in release builds: a misspelt key would otherwise be 0 without a word.
  private func undeclared<Value>(_ key: String, _ value: Value) -> Value {
    precondition(false, "'\(key)' is not declared so in the recipe table")
    return value
  }
}
