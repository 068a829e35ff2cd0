import Canvas
import Datasets
import Lab
import Layers
import Methods
import Models

/// The list of screens, and what is made of it: the action table, the keymap, panes by name.
public struct ScreenCatalog: Sendable {
  /// The screens of the workbench, in the order of the header. A new one is added here.
  public static let standard = ScreenCatalog([
    DataScreen.self, MethodScreen.self, TrainScreen.self, ClipScreen.self, MissingScreen.self,
    CompareScreen.self, SessionScreen.self,
  ])

  package let all: [any ScreenModel.Type]
  package let ids: [Screen]
  /// Every action: those of all screens first, then each screen's own.
  public let actions: [Action]
  private let models: [Screen: any ScreenModel.Type]
  private let actionsByID: [Action.ID: Action]
  private let panes: [Pane: PaneModel]
  private let homes: [Pane: Screen]

  package init(_ all: [any ScreenModel.Type]) {
    self.all = all
    ids = all.map { $0.id }
    actions = Self.actions(all)
    models = Dictionary(all.map { ($0.id, $0) }) { first, _ in first }
    actionsByID = Dictionary(actions.map { ($0.id, $0) }) { first, _ in first }
    let owned = all.flatMap { model in model.panes.map { ($0, model.id) } }
    panes = Dictionary(owned.map { ($0.0.id, $0.0) }) { first, _ in first }
    homes = Dictionary(owned.map { ($0.0.id, $0.1) }) { first, _ in first }
  }

  /// A screen that is not in the list is taken for the first one.
  package subscript(_ screen: Screen) -> any ScreenModel.Type { models[screen] ?? all[0] }
  package subscript(_ pane: Pane) -> PaneModel? { panes[pane] }

  package func action(_ id: Action.ID) -> Action? { actionsByID[id] }
  package func home(of pane: Pane) -> Screen? { homes[pane] }
  func pane(named name: String) -> Pane? { panes[Pane(name)]?.id }

  /// Counted from one; the key of its first nine is that digit.
  func number(of screen: Screen) -> Int { (ids.firstIndex(of: screen) ?? 0) + 1 }

  private static func actions(_ all: [any ScreenModel.Type]) -> [Action] {
    let ids = all.map { $0.id }
    let shown = all.prefix(9).enumerated().map { place, model in
      let screen = model.id
      return Action(
        screen.action, screen.name, model.summary, [.character(Character("\(place + 1)"))]
      ) { $0.show(screen) }
    }
    let everywhere = (shown + Action.shell).map { action in
      let own = all.compactMap { model in model.keys[action.id].map { (model.id, $0) } }
      return action.bound(to: ids, except: own)
    }
    return everywhere + all.flatMap { model in model.actions.map { $0.bound(to: [model.id]) } }
  }
}

/// The cards to choose from, and the form of a recipe. The shell fills it from the
/// catalogues of the learning half; tests fill it by hand.
public struct Catalog: Sendable {
  /// Cards below a heading.
  public struct Family: Sendable {
    public var title: String
    public var cards: [Card]

    public init(_ title: String, _ cards: [Card]) { (self.title, self.cards) = (title, cards) }
  }

  public var datasets: [Card]
  public var models: [Card]
  public var families: [Family]
  /// The methods of all families, in the order of lists.
  public var methods: [Card] { families.flatMap(\.cards) }
  /// The lines of the form for a recipe.
  public var fields: @Sendable (Recipe) -> [RecipeField]
  /// A recipe with one setting changed; throws one sentence.
  public var change: @Sendable (Recipe, _ key: String, _ text: String) throws -> Recipe

  public init(
    datasets: [Card], models: [Card], families: [Family],
    fields: @escaping @Sendable (Recipe) -> [RecipeField] = { $0.fields },
    change: @escaping @Sendable (Recipe, String, String) throws -> Recipe = {
      try $0.setting($1, to: $2)
    }
  ) {
    self.datasets = datasets
    self.models = models
    self.families = families
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
      models: ModelCatalog.all.map { $0.card },
      families: MethodCatalog.families.map { family in
        Family(family.title, family.methods.map { $0.card })
      })
  }
}
