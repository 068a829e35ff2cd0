// All settings of one run, by dotted key (`training.batch`, `dataset.observed`,
// `method.emaDecay`). One schema drives YAML, `--set`, the form and the help.
import Datasets
import Foundation
import Layers
import Methods
import Models

public struct Recipe: Sendable, Equatable {
  public var dataset: String
  public var model: String
  public var method: String
  public var seed: Int
  /// What was said explicitly; the rest are defaults.
  private var values: [String: SettingValue] = [:]
  /// `FILE:LINE` of what says where the data set lies.
  var rootOrigin: String?

  public init(dataset: String = "band", model: String = "cnn", method: String = "b1", seed: Int = 0)
  {
    self.dataset = dataset
    self.model = model
    self.method = method
    self.seed = seed
  }

  private var choice: RecipeSchema.Choice {
    RecipeSchema.Choice(dataset: dataset, model: model, method: method)
  }

  /// Every setting that applies, by its dotted key, in the order of the form.
  var settings: [AnyHyperparameter] {
    let choice = self.choice
    return RecipeSchema.Owner.allCases.flatMap { RecipeSchema.settings(of: $0, choice) }
  }

  /// Every setting that applies to this data set, model and method, in the order of the form.
  public var fields: [RecipeField] {
    let choice = self.choice
    return [RecipeField(RecipeSchema.seed.untyped, value: .integer(seed))]
      + settings.map { setting in
        var field = RecipeField(setting, value: value(of: setting))
        field.origin = RecipeSchema.start(of: setting.key, choice)?.from
        if let layers = layers(for: setting) { field.choices = layers }
        return field
      }
  }

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
    case "seed":
      copy.seed =
        Int(setting: try Self.value(from: text, for: RecipeSchema.seed.untyped)) ?? copy.seed
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

  private func parse(_ text: String, for key: String) throws -> SettingValue {
    let settings = self.settings
    guard let setting = settings.first(where: { $0.key == key }) else {
      if RecipeSchema.isOfSomeDataset(key) {
        throw RecipeError(
          key: key,
          message: "not an option of \(dataset); expected one of "
            + settings.map(\.key).filter { $0.hasPrefix("dataset.") }.joined(separator: ", "))
      }
      let known = RecipeSchema.identities + settings.map(\.key)
      throw RecipeError(key: key, message: RecipeError.unknown("key", key, among: known))
    }
    return try Self.value(from: text, for: setting)
  }

  private static func value(
    from text: String, for setting: AnyHyperparameter
  ) throws -> SettingValue {
    do { return try setting.value(from: text) } catch {
      throw RecipeError(key: setting.key, message: error.message)
    }
  }

  /// Whether a key stands for nothing here: it is an option of another data set. Files may have
  /// it, since earlier builds wrote the options of all data sets and a session may sweep data sets.
  func isOfAnotherDataset(_ key: String) -> Bool {
    RecipeSchema.isOfSomeDataset(key) && !settings.contains { $0.key == key }
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
  private func value(of setting: AnyHyperparameter) -> SettingValue {
    values[setting.key] ?? setting.initial
  }

  func resolved(_ key: String) -> SettingValue? {
    settings.first { $0.key == key }.map(value)
  }

  private func settings(of owner: RecipeSchema.Owner) -> Settings {
    let prefix = owner.rawValue.count + 1
    let found = RecipeSchema.settings(of: owner, choice).map {
      (String($0.key.dropFirst(prefix)), value(of: $0))
    }
    return Settings(checked: Dictionary(found) { first, _ in first })
  }

  /// Of the method's card.
  package var methodSettings: Settings { settings(of: .method) }
  /// Of the model's card.
  package var modelSettings: Settings { settings(of: .model) }
  /// `TrainingSettings`.
  var training: Settings { settings(of: .training) }
  /// `DatasetOptions`, those of every data set and those of this one.
  var data: Settings { settings(of: .dataset) }
}

// MARK: what a recipe may say

/// The one table of settings. YAML, `--set`, the form and the help all read it.
enum RecipeSchema {
  /// Whose settings stand under a prefix, in the order of the form.
  enum Owner: String, CaseIterable { case method, model, training, dataset }

  /// Who was chosen: their cards say what can be set.
  struct Choice {
    let dataset: DatasetCard?
    let model: Card?
    let method: Card?

    init(dataset: String, model: String, method: String) {
      self.dataset = DatasetCatalog.cards.first { $0.id == dataset }
      self.model = ModelCatalog.find(model)?.card
      self.method = MethodCatalog.find(method)?.card
    }
  }

  /// Settings of one owner by their dotted keys, with the starting values of this choice.
  static func settings(of owner: Owner, _ choice: Choice) -> [AnyHyperparameter] {
    let listed: [AnyHyperparameter] =
      switch owner {
      case .method: choice.method?.hyperparameters ?? []
      case .model: choice.model?.hyperparameters ?? []
      case .training: TrainingSettings.all.map(\.untyped)
      case .dataset: choice.dataset?.hyperparameters ?? []
      }
    return listed.map { parameter in
      var setting = parameter
      setting.key = "\(owner).\(parameter.key)"
      setting.layerOf = parameter.layerOf.map { "\(owner).\($0)" }
      if let start = start(of: setting.key, choice) { setting.initial = start.value }
      return setting
    }
  }

  /// A starting value that a card gives instead of the setting's own, and whose it is. What a data
  /// set says for the method comes before what the method says, and that before what the data set
  /// says for any method.
  static func start(of key: String, _ choice: Choice) -> (value: SettingValue, from: String)? {
    let (method, dataset) = (choice.method, choice.dataset)
    let ofData = dataset?.defaults.filter { $0.key == key } ?? []
    if let own = ofData.first(where: { $0.method != nil && $0.method == method?.id }) {
      return (own.value, dataset?.id ?? "")
    }
    if let ofMethod = method?.defaults.first(where: { $0.key == key }) {
      return (ofMethod.value, method?.id ?? "")
    }
    return ofData.first { $0.method == nil }.map { ($0.value, dataset?.id ?? "") }
  }

  /// Keys beside those of the table.
  static let identities = ["dataset.id", "model.id", "method.id", "seed"]

  static let seed = Hyperparameter<Int>(
    "seed", "seed", help: "random seed (label hiding, initial weights, clip order)", initial: 0,
    range: 0...1_000_000_000)

  /// An option of some data set, by its dotted key: recipes of earlier builds spell out those of
  /// every data set.
  static func isOfSomeDataset(_ key: String) -> Bool {
    DatasetCatalog.cards.contains { $0.hyperparameters.contains { "dataset.\($0.key)" == key } }
  }
}
