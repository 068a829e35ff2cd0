// The table of settings that YAML, `--set`, the form and the help share.
import Datasets
import Layers
import Methods
import Models
import Synchronization

/// Lists the settings of a data set, a model, a method and the training by their dotted keys.
enum RecipeSchema {
  /// The prefixes of settings, in the order of the form.
  enum Owner: String, CaseIterable { case method, model, training, dataset }

  /// The chosen data set, model and method: their cards list the settings.
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

  /// An initial value that a card gives instead of the setting's own, and the id of that card. A
  /// data set's value for this method comes before the method's value, and that before the data
  /// set's value for all methods.
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
    "seed", "random seed", help: "random seed (label hiding, initial weights, clip order)",
    initial: 0,
    range: 0...1_000_000_000)

  /// An option of some data set, by its dotted key: recipes of earlier builds spell out those of
  /// every data set.
  static func isOfSomeDataset(_ key: String) -> Bool { ofDatasets.contains(key) }

  private static let ofDatasets = Set(
    DatasetCatalog.cards.flatMap { $0.hyperparameters.map { "dataset.\($0.key)" } })
}

extension RecipeSchema {
  /// Every setting of a choice, in the order of the form.
  struct Table: Sendable {
    let settings: [AnyHyperparameter]
    private let places: [String: Int]

    fileprivate init(_ choice: Choice) {
      settings = Owner.allCases.flatMap { RecipeSchema.settings(of: $0, choice) }
      places = Dictionary(
        settings.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The setting with a dotted key; nil if it does not apply.
    subscript(_ key: String) -> AnyHyperparameter? { places[key].map { settings[$0] } }
  }

  private struct TableKey: Hashable {
    let dataset, model, method: String
  }

  /// Tables that were asked for lately. A session has hundreds of recipes with few choices, and
  /// the catalogues behind a table never change.
  private static let tables = Mutex<[TableKey: Table]>([:])
  private static let mostTables = 64

  static func table(dataset: String, model: String, method: String) -> Table {
    let key = TableKey(dataset: dataset, model: model, method: method)
    if let known = tables.withLock({ $0[key] }) { return known }
    let made = Table(Choice(dataset: dataset, model: model, method: method))
    tables.withLock { tables in
      if tables.count >= mostTables { tables.removeAll() }
      tables[key] = made
    }
    return made
  }
}
