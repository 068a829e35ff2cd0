import Canvas
import Foundation
import Lab

/// The whole front end as one value: messages, keys and the time go in, effects and a picture
/// come out. It knows no terminal, no thread and no clock.
///
/// A shell calls `open()` once, then `resize`, `tick`, `handle` and `apply` as things happen,
/// carries out the effects in order, and draws after each. `tick` comes before `handle`, and
/// again at `nextTick`.
public struct Workbench: Sendable {
  public let catalog: Catalog
  /// What keys mean; a person's own may differ.
  public var keymap = Keymap.standard
  public internal(set) var sessionName: String?

  // told by the engine
  public internal(set) var run = RunState()
  public internal(set) var dataset: OpenDataset?
  public internal(set) var preparation: Preparation?
  public internal(set) var sound: ClipSound?
  /// What the network makes of a clip, as told last.
  public internal(set) var reprogrammed: ReprogrammedInput?
  public internal(set) var parameters: ParameterCount?
  public internal(set) var activations: ClipActivations?
  public internal(set) var session: [RunSummary]
  /// The run is trained by another process and followed here.
  public internal(set) var isAttached = false
  /// When that run was last heard of, in the clock given to `tick`.
  var heard: Double?

  // chosen by the person
  public internal(set) var recipe: Recipe
  /// The recipe that the program was started with: the session's first run.
  var opening: Recipe
  /// What the open data set was asked for with.
  var opened: Recipe
  /// The form's lines for `recipe`.
  public internal(set) var fields: [RecipeField]
  public internal(set) var screen: Screen
  public internal(set) var toast: Toast?
  var focus: [Screen: Pane] = [:]
  var isFull = false
  /// Borders moved and panes folded.
  public var layout = Layout()
  var grip: Grip?
  var plotGrip: PlotGrip?
  /// Keys to play again, and those that are being recorded.
  var macro = MacroState()
  var overlay: Overlay?
  var cursors: [Pane: Int] = [:]
  var data = DataState()
  var method = MethodState()
  var train = TrainState()
  var clips = ClipState()
  var missing = MissingState()
  var annotation = AnnotationState()
  var sessions = SessionState()
  var compare = CompareState()
  /// A recorded run that is shown instead of the one that is on.
  var replay: Replay?
  /// What the next recording is shown for, beside its end.
  var wanted: Replay.Wanted?
  /// A run whose replay was left while the rest of its log was still being read.
  var leftEarly: URL?

  // between the two
  /// A start was asked for and the engine has not answered yet.
  var isStarting = false
  /// The run goes by steps, until it is let go: a hold is one after a step, not a pause.
  var isStepping = false
  /// Digits just typed: a count if a step follows soon, and the screen to come back to then.
  var count: (value: Int, origin: Screen, time: Double)?
  var now = 0.0
  /// Clips whose sound was asked for last.
  var inspected: String?
  var size = (width: 80, height: 24)

  /// `session`: the name shown while no run is on. `runs`: what the session holds.
  public init(
    recipe: Recipe, catalog: Catalog, session: String? = nil, runs: [RunSummary] = [],
    screen: Screen = .train
  ) {
    self.recipe = recipe
    opening = recipe
    opened = recipe
    self.catalog = catalog
    sessionName = session
    self.session = runs
    self.screen = screen
    fields = catalog.fields(recipe)
    for (pane, cards, id) in [
      (Pane.datasets, catalog.datasets, recipe.dataset),
      (Pane.methods, catalog.methods, recipe.method),
    ] {
      cursors[pane] = cards.firstIndex { $0.id == id } ?? 0
    }
  }

  /// What to ask for first.
  public mutating func open() -> [Effect] {
    opened = recipe
    preparation = Preparation(what: "opening \(recipe.dataset)", done: 0, total: 0, eta: nil)
    return [.engine(.openDataset(recipe))]
  }

  /// The size that keys refer to: a page, a column of the map, the panes that `Tab` visits.
  public mutating func resize(width: Int, height: Int) { size = (width, height) }

  /// The time in seconds, on any clock that only goes forward: ends toasts and the play head.
  public mutating func tick(_ seconds: Double) {
    now = seconds
    if let toast, toast.until <= now { self.toast = nil }
    play()
    if let playing = clips.playing, now >= playing.since + playing.seconds { clips.playing = nil }
  }

  /// When the picture changes by itself: nil means not before the next key or message.
  public var nextTick: Double? {
    if replay?.playingSince != nil { return now + 0.1 }
    if clips.playing != nil { return now + 0.25 }
    if missing.blinks, screen == .missing { return now.rounded(.down) + 1 }
    return [toast?.until, silenceTick].compactMap(\.self).min()
  }

  /// One line at the bottom for a few seconds, such as what the shell could not do.
  public mutating func say(_ text: String, isWarning: Bool = false) {
    toast = Toast(text: text, isWarning: isWarning, until: now + 6)
  }
}
