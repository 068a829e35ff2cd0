// All settings of one run, by dotted key (`training.batch`, `dataset.observed`,
// `method.emaDecay`). One schema drives YAML, `--set`, the form and the help.
import Acoustics
import Datasets
import Foundation
import Layers
import Models

public struct Recipe: Sendable, Equatable {
  public var dataset: String
  public var model: String
  public var method: String
  public var seed: Int
  /// Values that were set explicitly; the rest are defaults.
  private var values: [String: SettingValue] = [:]
  /// `FILE:LINE` of the setting `dataset.root`.
  var rootOrigin: String?
  /// Set for a run of another program, whose settings are no settings of Scant; nil for others.
  public internal(set) var outside: OutsideRun?

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

  private var table: RecipeSchema.Table {
    RecipeSchema.table(dataset: dataset, model: model, method: method)
  }

  /// Every setting that applies, by its dotted key, in the order of the form.
  var settings: [AnyHyperparameter] { outside == nil ? table.settings : [] }

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
    default: outside?.settings[key] ?? resolved(key)?.description
    }
  }

  /// A copy with one setting changed. Throws one sentence naming the key and what was expected.
  public func setting(_ key: String, to text: String) throws -> Recipe {
    try demandOwn()
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
    let applicable = copy.table
    copy.values = copy.values.filter { applicable[$0.key] != nil }
    return copy
  }

  /// The folder of a data set and answers to its missing labels do not apply to another one.
  private mutating func choose(dataset id: String) throws {
    let id = try Catalogs.check(id, as: .dataset)
    guard id != dataset else { return }
    dataset = id
    for key in ["dataset.root", "dataset.patch"] { values[key] = nil }
    rootOrigin = nil
  }

  private func parse(_ text: String, for key: String) throws -> SettingValue {
    guard let setting = table[key] else {
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

  /// Whether a key is an option of another data set alone. Files may have it, since earlier builds
  /// wrote the options of all data sets and a session may sweep data sets.
  func isOfAnotherDataset(_ key: String) -> Bool {
    RecipeSchema.isOfSomeDataset(key) && table[key] == nil
  }

  /// Two recipes are equal when they mean the same, written out or by default.
  public static func == (a: Recipe, b: Recipe) -> Bool {
    a.dataset == b.dataset && a.model == b.model && a.method == b.method && a.seed == b.seed
      && a.outside == b.outside && a.settings.allSatisfy { a.value(of: $0) == b.resolved($0.key) }
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

// MARK: as text

extension Recipe {
  /// Every setting as text by its dotted key, with data set, model, method and seed.
  var texts: [String: String] {
    var texts = [
      "dataset.id": dataset, "model.id": model, "method.id": method, "seed": "\(seed)",
    ]
    for setting in settings { texts[setting.key] = value(of: setting).description }
    // The names of its own that such a run has beside them.
    return texts.merging(outside?.settings ?? [:]) { own, _ in own }
  }

  /// Of each recipe, the settings in which the recipes differ; a setting that one of them does not
  /// have counts as different.
  static func differences(_ recipes: [Recipe]) -> [[String: String]] {
    let all = recipes.map(\.texts)
    guard let first = all.first else { return [] }
    var keys: Set<String> = []
    for texts in all.dropFirst() {
      for (key, value) in texts where first[key] != value { keys.insert(key) }
      for key in first.keys where texts[key] == nil { keys.insert(key) }
    }
    return all.map { texts in texts.filter { keys.contains($0.key) } }
  }
}

// MARK: typed access

extension Recipe {
  private func value(of setting: AnyHyperparameter) -> SettingValue {
    values[setting.key] ?? setting.initial
  }

  func resolved(_ key: String) -> SettingValue? {
    guard outside == nil else { return nil }
    return table[key].map(value)
  }

  private func settings(of owner: RecipeSchema.Owner) -> Settings {
    let prefix = "\(owner.rawValue)."
    let found = settings.filter { $0.key.hasPrefix(prefix) }.map {
      (String($0.key.dropFirst(prefix.count)), value(of: $0))
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

// MARK: paths and layers

extension Recipe {
  /// The file of answers to missing labels that training learns from; nil if there is none.
  var patchFile: URL? {
    let path = data[DatasetOptions.patch]
    return path.isEmpty ? nil : URL(fileURLWithPath: path)
  }

  /// Whether training learns from answers to missing labels.
  public var learnsAnswers: Bool { patchFile != nil }

  /// A copy in which a relative path counts from `folder`, that of a session.
  func placing(
    _ option: Hyperparameter<String>, in folder: URL
  ) throws -> Recipe {
    let path = (data[option] as NSString).expandingTildeInPath
    guard !path.isEmpty else { return self }
    let url = folder.appendingPathComponent(path).standardizedFileURL
    var placed = try setting("dataset.\(option.key)", to: path.hasPrefix("/") ? path : url.path)
    placed.rootOrigin = rootOrigin
    return placed
  }

  /// Layers of the extractor that the recipe names, for the setting of a layer; else nil.
  func layers(for setting: AnyHyperparameter) -> [String]? {
    guard let owner = setting.layerOf, case .choice(let id)? = resolved(owner) else { return nil }
    let names = ExtractorCatalog.find(id)?.card.layers.map(\.name) ?? []
    return [ExtractorReference.firstLayer] + names
  }

  /// Throws one sentence where a layer is named that the extractor has not.
  func checkLayers() throws {
    for setting in settings {
      guard let known = layers(for: setting), let name = self[setting.key], !known.contains(name)
      else { continue }
      let id = setting.layerOf.flatMap { self[$0] } ?? ""
      throw LabError(
        "\(setting.key): \(id) has no layer '\(name)'; expected "
          + known.joined(separator: ", "))
    }
  }

  /// Everything that decides on the network: recipes that agree in it have equally many values.
  public var network: String {
    let own = fields.filter { field in
      ["model.", "method.", "dataset."].contains { field.key.hasPrefix($0) }
    }
    let settings = own.map { "\($0.key)=\($0.value)" }
    return ([dataset, model, method] + settings).joined(separator: " ")
  }
}
