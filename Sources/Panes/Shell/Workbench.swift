import Canvas
import Foundation
import Lab

/// The whole front end as one value: messages, keys and the time go in, effects and a picture
/// come out. It knows no terminal, no thread and no clock.
///
/// A shell calls `open()` once, then `resize`, `tick`, `handle` and `apply` as things happen,
/// carries out the effects in order, and draws after each. `tick` comes before `handle`, and
/// again at `nextTick`.
///
/// What one screen shows and does lies with that screen; here is what they share: the run, the
/// data set, the recipe, focus and cursors, overlays.
public struct Workbench: Sendable {
  package let screens: ScreenCatalog
  public let catalog: Catalog
  /// What keys mean; a person's own may differ.
  public var keymap: Keymap
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
  /// Keys to play again, and those that are being recorded.
  var macro = MacroState()
  var overlay: Overlay?
  var cursors: [Pane: Int] = [:]
  /// What was chosen on each screen.
  package var states = ScreenStates()
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
    screen: Screen = .train, screens: ScreenCatalog = .standard
  ) {
    self.screens = screens
    keymap = Keymap(screens.actions)
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
    if let tick = model.nextTick(self) { return tick }
    return [toast?.until, silenceTick].compactMap(\.self).min()
  }

  /// One line at the bottom for a few seconds, such as what the shell could not do.
  public mutating func say(_ text: String, isWarning: Bool = false) {
    toast = Toast(text: text, isWarning: isWarning, until: now + 6)
  }

  /// A sentence, and nothing done.
  package mutating func said(_ text: String) -> [Effect] {
    say(text)
    return []
  }
}

// MARK: actions

extension Workbench {
  /// The screen that is shown.
  package var model: any ScreenModel.Type { screens[screen] }

  /// Keys, the footer and key scripts all come through here.
  public mutating func perform(_ id: Action.ID) -> [Effect] {
    screens.action(id)?.perform(&self) ?? []
  }

  mutating func show(_ place: Screen) -> [Effect] {
    screen = place
    isFull = false
    for other in screens.all where other.id != place { other.depart(&self) }
    return arrive()
  }

  /// What the screen that is shown needs to be told.
  public mutating func arrive() -> [Effect] { model.arrive(&self) }

  /// Tells every screen.
  mutating func announce(_ news: News) -> [Effect] { screens.all.flatMap { $0.hear(news, &self) } }

  /// `Enter`: opens what is under the cursor of the focused pane.
  mutating func openSelection() -> [Effect] {
    if let open = screens[focused]?.open { return open(&self) }
    isFull.toggle()
    return []
  }

  /// Out one layer; the last layer is the program itself.
  mutating func leave(quits: Bool = false) -> [Effect] {
    if isFull {
      isFull = false
    } else if let effects = model.leave(&self) {
      return effects
    } else if quits {
      guard isTraining else { return [.engine(.shutDown), .quit] }
      overlay = .menu(isAttached ? .quitAttached : .quit(isHeld: run.lifecycle.state == .paused))
    } else {
      say("nothing to leave here; q quits")
    }
    return []
  }
}

/// One line that comes and goes.
public struct Toast: Sendable, Equatable {
  public var text: String
  public var isWarning: Bool
  /// When it goes, in the clock given to `tick`, s.
  var until: Double
}

/// What lies over the screen and takes the keys.
enum Overlay: Sendable, Equatable {
  case help(HelpState)
  case palette(PaletteState)
  case menu(Menu)
  case changes(ChangesState)
  /// The digits of a step that is being typed.
  case goTo(String)
}
