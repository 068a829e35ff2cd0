import Canvas
import Lab

/// A pane and its rectangle.
package typealias Tile = (pane: Pane, rect: Rect)

/// Everything a screen is: its panes and where they lie, its keys, its hints, what it does when
/// something happens. A screen is one such type in a folder of its own, and its line in
/// `ScreenCatalog.standard`; its state is `bench[.name]`.
package protocol ScreenModel: Sendable {
  static var id: Screen { get }
  /// One line of help: what there is to see.
  static var summary: String { get }
  /// All panes it can have, in the order of `Tab`.
  static var panes: [PaneModel] { get }
  /// The rows it adds to the action table. A row that names no screens is for this one.
  static var actions: [Action] { get }
  /// Keys that actions of every screen have here in place of their own; an action without any
  /// means nothing here.
  static var keys: [Action.ID: [Key]] { get }

  /// Those of the panes that there are in what it shows now.
  static func panes(in bench: Workbench) -> [PaneModel]
  /// The pane that is left when there is room for one only.
  static func primary(in bench: Workbench) -> Pane
  /// Tiles narrower or lower than three cells are left out.
  static func layout(of bench: Workbench, in body: Rect) -> [Tile]
  /// A row between the header and the panes.
  static func strip(_ bench: Workbench) -> (any Widget)?
  /// Draws over the panes, such as a message until it is closed.
  static func drawOver(_ bench: Workbench, on grid: inout Grid)

  /// Actions for the last row, the most useful first; what does not fit falls off the end.
  static func hints(_ bench: Workbench) -> [Action.ID]
  /// The last row while keys are letters of a text; nil while they are actions.
  static func typingHints(_ bench: Workbench) -> [Offer]?
  /// A key while a text is typed.
  static func type(_ key: Key, _ bench: inout Workbench) -> [Effect]
  /// The keys left and right.
  static func moveAcross(_ step: Int, _ bench: inout Workbench) -> [Effect]
  /// The text for `copy`; nil for the text of the focused pane.
  static func copied(_ bench: Workbench) -> String?
  /// Choices that the screen adds to the menu of exports, which write to files of that name.
  static func exports(_ bench: Workbench, _ name: String) -> [Menu.Choice]
  /// The mouse, before panes get it. True where that is all there is to it.
  static func touch(_ mouse: Mouse, _ bench: inout Workbench) -> Bool

  /// The screen is shown.
  static func arrive(_ bench: inout Workbench) -> [Effect]
  /// Another screen was asked for.
  static func depart(_ bench: inout Workbench)
  /// Leaves something that is shown for a while; nil if nothing of the kind is shown.
  static func leave(_ bench: inout Workbench) -> [Effect]?
  /// Told to all screens, shown or not.
  static func hear(_ news: News, _ bench: inout Workbench) -> [Effect]
  /// The shown screen, after each key: what it has to ask for.
  static func settle(_ bench: inout Workbench) -> [Effect]
  /// Called with the time in `bench.now`, whether shown or not.
  static func tick(_ bench: inout Workbench)
  /// When its frame changes by itself.
  static func nextTick(_ bench: Workbench) -> Double?
}

/// An event that may concern screens that are not shown.
package enum News: Sendable {
  /// The workbench is new and has its recipe.
  case begin
  /// Another data set is open: what was chosen in the old one is gone.
  case dataset
  /// Another run is shown from now on: a new one, or one that is recorded or was live before.
  case run(isNew: Bool)
  /// The live run has started.
  case started(RunStarted)
  /// A prediction that is about to replace the one in `bench.run`.
  case prediction(ClipPrediction, step: Int)
  /// A batch of predictions has come in.
  case predictions
  /// The networks were scored, so they have changed since their last predictions.
  case scores
  /// The mask of the run has changed.
  case mask
  /// The run holds.
  case held
  /// The person steps the run, by less than an epoch at a time.
  case stepping
  /// The session's list of runs has changed.
  case runs
  /// An answer of the engine, already in `bench` as far as all screens share it.
  case message(Message)
}

extension ScreenModel {
  package static var actions: [Action] { [] }
  package static var keys: [Action.ID: [Key]] { [:] }
  package static func panes(in bench: Workbench) -> [PaneModel] { panes }
  package static func primary(in bench: Workbench) -> Pane { panes[0].id }
  package static func strip(_ bench: Workbench) -> (any Widget)? { nil }
  package static func drawOver(_ bench: Workbench, on grid: inout Grid) {}
  package static func hints(_ bench: Workbench) -> [Action.ID] {
    bench.offered([.nextPane, .fullScreen])
  }
  package static func typingHints(_ bench: Workbench) -> [Offer]? { nil }
  package static func type(_ key: Key, _ bench: inout Workbench) -> [Effect] { [] }
  package static func moveAcross(_ step: Int, _ bench: inout Workbench) -> [Effect] {
    bench.focusNeighbour(step)
    return []
  }
  package static func copied(_ bench: Workbench) -> String? { nil }
  package static func touch(_ mouse: Mouse, _ bench: inout Workbench) -> Bool { false }
  package static func arrive(_ bench: inout Workbench) -> [Effect] { [] }
  package static func depart(_ bench: inout Workbench) {}
  package static func leave(_ bench: inout Workbench) -> [Effect]? { nil }
  package static func hear(_ news: News, _ bench: inout Workbench) -> [Effect] { [] }
  package static func exports(_ bench: Workbench, _ name: String) -> [Menu.Choice] { [] }
  package static func settle(_ bench: inout Workbench) -> [Effect] { [] }
  package static func tick(_ bench: inout Workbench) {}
  package static func nextTick(_ bench: Workbench) -> Double? { nil }
}

/// The user's choices on a screen, besides cursors and focus.
package protocol ScreenState: Sendable, Equatable {
  init()
}

/// The name of a screen's state, as in `bench[.clips]`. A screen declares its own:
///
///     extension StateKey<ClipState> { static var clips: Self { Self() } }
package struct StateKey<State: ScreenState>: Sendable {
  package init() {}
}

/// The states of all screens, so that a screen brings its own along.
struct ScreenStates: Sendable {
  private var states: [ObjectIdentifier: any ScreenState] = [:]

  subscript<State: ScreenState>(_ key: StateKey<State>) -> State {
    get { states[ObjectIdentifier(State.self)] as? State ?? State() }
    _modify {
      // Taken out while it is changed, so that nothing in it is copied.
      var state = self[key]
      states[ObjectIdentifier(State.self)] = nil
      defer { states[ObjectIdentifier(State.self)] = state }
      yield &state
    }
  }
}
