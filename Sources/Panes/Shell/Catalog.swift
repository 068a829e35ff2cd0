import Datasets
import Lab
import Layers
import Methods
import Models

/// What can be chosen, and how a recipe answers to the form. The shell fills it from the
/// catalogues of the learning half; tests fill it by hand.
public struct Catalog: Sendable {
  public var datasets: [Card]
  public var models: [Card]
  public var methods: [Card]
  /// The lines of the form for a recipe.
  public var fields: @Sendable (Recipe) -> [RecipeField]
  /// A recipe with one setting changed; throws one sentence.
  public var change: @Sendable (Recipe, _ key: String, _ text: String) throws -> Recipe

  public init(
    datasets: [Card], models: [Card], methods: [Card],
    fields: @escaping @Sendable (Recipe) -> [RecipeField] = { $0.fields },
    change: @escaping @Sendable (Recipe, String, String) throws -> Recipe = {
      try $0.setting($1, to: $2)
    }
  ) {
    self.datasets = datasets
    self.models = models
    self.methods = methods
    self.fields = fields
    self.change = change
  }
}

extension Catalog {
  /// The catalogues of the learning half.
  package static var standard: Catalog {
    Catalog(
      datasets: DatasetCatalog.cards.map {
        Card(id: $0.id, title: $0.title, summary: $0.summary, paper: $0.paper)
      },
      models: ModelCatalog.all.map { $0.card }, methods: MethodCatalog.all.map { $0.card })
  }
}
