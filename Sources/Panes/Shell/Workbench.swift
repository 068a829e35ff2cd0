import Canvas
import Foundation
import Lab

/// The whole front end as one value: messages, keys and the time go in, effects and a frame come
/// out. It knows no terminal, no thread and no clock.
///
/// A shell calls `open()` once, then `resize`, `tick`, `handle` and `apply` as things happen,
/// carries out the effects in order, and draws after each. `tick` comes before `handle`, and
/// again at `nextTick`.
///
/// What one screen shows and does is in that screen's folder. This type holds what the screens
/// share: the run, the data set, the recipe, focus and cursors, overlays.
public struct Workbench: Sendable {
  package let screens: ScreenCatalog
  public let catalog: Catalog
  /// The actions of keys, with the user's own keys.
  public var keymap: Keymap
  public internal(set) var sessionName: String?

  // told by the engine
  public internal(set) var run = RunState()
  public internal(set) var dataset: OpenDataset?
  public internal(set) var preparation: Preparation?
  /// Work of the engine beside the training.
  public internal(set) var background: Preparation?
  public internal(set) var session: [RunSummary]
  /// All sessions that were found; nil before the engine has listed them.
  public internal(set) var sessions: [SessionRow]?
  /// Names of the runs that wait for the present one, the next one first.
  public internal(set) var queue: [String] = []
  /// The run is trained by another process and followed here.
  public internal(set) var isAttached = false
  /// The program was started to watch logs of other programs, and no session was opened since.
  var watchesOnly: Bool
  /// When that run was last heard of, in the clock given to `tick`.
  var heard: Double?

  // chosen by the person
  public internal(set) var recipe: Recipe
  /// The recipe that the program was started with: the session's first run.
  var opening: Recipe
  /// The recipe with which the open data set was requested.
  var opened: Recipe
  /// The form's lines for `recipe`.
  public internal(set) var fields: [RecipeField]
  public internal(set) var screen: Screen
  public internal(set) var toast: Toast?
  var focus: [Screen: Pane] = [:]
  var isFull = false
  /// Borders moved and panes folded.
  public var layout = PaneLayout()
  var grip: Grip?
  /// Set by the shell at the start, and when a theme was asked for.
  public var themes = ThemeChoice()
  /// Keys to play again, and those that are being recorded.
  var macro = MacroState()
  var overlay: (any Overlay)?
  /// The tour, while it is taken.
  var tour: Tour?
  /// The tour begins when the sessions are listed.
  var awaitsTour = false
  var cursors: [Pane: Int] = [:]
  /// Columns of the lists of runs; nil for those of the program.
  public var chosenColumns: [String]?
  /// Filters and orders of lists.
  var lists: [Pane: ListChoice] = [:]
  /// The list whose filter is typed.
  var filtering: Pane?
  private var states = ScreenStates()
  /// A recorded run that is shown instead of the current one.
  var replay: Replay?
  /// The position to show of the next recording; nil for its end.
  var wanted: Replay.Wanted?
  /// A run whose replay was left while the rest of its log was still being read.
  var leftEarly: URL?
  /// Whether the message about the run's fault was closed.
  var isFaultSeen = false

  // between the two
  /// A start was requested and the engine has not answered yet.
  var isStarting = false
  /// Runs that were started when no earlier run told how long they take; nil once it is known.
  var untimedRuns: Int?
  /// The run is stepped until it is resumed: each hold follows a step and is not a pause.
  var isStepping = false
  /// Digits just typed: a count if a step follows soon, and the screen to come back to then.
  var count: (value: Int, origin: Screen, time: Double)?
  var now = 0.0
  var size = (width: 80, height: 24)
  /// The characters of the frame that is drawn.
  var glyphs = GlyphSet.unicode

  /// `session`: the name shown while no run is active. `runs`: the runs of the session.
  /// `watchesOnly`: logs of other programs are shown, and there is no data set to open.
  public init(
    recipe: Recipe, catalog: Catalog, session: String? = nil, runs: [RunSummary] = [],
    screen: Screen = .train, screens: ScreenCatalog = .standard, watchesOnly: Bool = false
  ) {
    self.screens = screens
    self.watchesOnly = watchesOnly
    keymap = Keymap(screens.actions)
    self.recipe = recipe
    opening = recipe
    opened = recipe
    self.catalog = catalog
    sessionName = session
    self.session = runs
    self.screen = screen
    fields = catalog.fields(recipe)
    _ = announce(.begin)
  }

  /// The state of a screen, such as `bench[.clips]`.
  package subscript<State: ScreenState>(_ key: StateKey<State>) -> State {
    get { states[key] }
    _modify { yield &states[key] }
  }

  /// The first requests.
  public mutating func open() -> [Effect] {
    guard !watchesOnly else { return [] }
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
    Replay.play(&self)
    for screen in screens.all { screen.tick(&self) }
  }

  /// When the frame changes by itself: nil means not before the next key or message.
  public var nextTick: Double? {
    if replay?.playingSince != nil { return now + 0.1 }
    if let tick = screens.all.compactMap({ $0.nextTick(self) }).min() { return tick }
    return [toast?.until, silenceTick].compactMap(\.self).min()
  }

  /// One line at the bottom for a few seconds, such as an effect that failed.
  public mutating func say(_ text: String, isWarning: Bool = false) {
    toast = Toast(text: text, isWarning: isWarning, until: now + 6)
  }

  /// Shows a sentence as `say` does, and returns no effects.
  package mutating func said(_ text: String, isWarning: Bool = false) -> [Effect] {
    say(text, isWarning: isWarning)
    return []
  }

  mutating func noDataset() -> [Effect] { said("no data set is open; 1 Data, then enter") }
}

// MARK: actions

extension Workbench {
  /// The screen that is shown.
  package var model: any ScreenModel.Type { screens[screen] }

  mutating func show(_ place: Screen) -> [Effect] {
    screen = place
    (isFull, filtering) = (false, nil)
    for other in screens.all where other.id != place { other.depart(&self) }
    if let lacks = lacks(on: place) { say(lacks) }
    return arrive()
  }

  /// Requests of the screen that is shown.
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
    } else if clearFilter() {
      return []
    } else if let effects = model.leave(&self) {
      return effects
    } else if quits {
      guard isTraining else { return [.engine(.shutDown), .quit] }
      overlay =
        isAttached ? Menu.quitAttached : Menu.quit(isHeld: run.lifecycle.state == .paused)
    } else {
      say("nothing to close; press q to quit")
    }
    return []
  }

  /// Changes one setting of the recipe. Returns the reason if that is refused.
  mutating func change(_ key: String, to text: String) -> String? {
    do {
      recipe = try catalog.change(recipe, key, text)
      fields = catalog.fields(recipe)
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// Whether the open data set is that of a recipe, with the same labels hidden.
  func sees(_ recipe: Recipe) -> Bool {
    let keys =
      recipe.fields.map(\.key).filter { $0.hasPrefix("dataset.") && $0 != "dataset.patch" }
      + ["dataset.id", "seed"]
    return keys.allSatisfy { opened[$0] == recipe[$0] }
  }

  /// Opens the data set of a recipe unless it is open.
  mutating func openDataset(of recipe: Recipe) -> [Effect] {
    guard !sees(recipe) else { return [] }
    opened = recipe
    return [.engine(.openDataset(recipe))]
  }
}

// MARK: frames and exports

extension Workbench {
  /// Draws at any size, from 0 × 0 on; nothing is remembered.
  public func draw(width: Int, height: Int, glyphs: GlyphSet) -> Grid {
    var bench = self
    bench.glyphs = glyphs
    return FrameDrawing(bench: bench).grid(width: width, height: height)
  }

  func view(of pane: Pane) -> (any PaneView)? { screens[pane]?.view(self) }

  /// The actions that the last row offers, the most useful first.
  package var hintActions: [Action.ID] { model.hints(self) }

  /// The keys that start, hold or step the run, then those of a screen; `early` comes after the
  /// first `lead` of all.
  package func offered(
    _ own: [Action.ID], early: [Action.ID] = [], behind lead: Int = 1
  ) -> [Action.ID] {
    let start: [Action.ID] = isTraining || replay != nil ? [.pause, .step] : [.run]
    let all = start + own
    return Array(all.prefix(lead)) + early + all.dropFirst(lead).filter { !early.contains($0) }
  }

  /// The last row while keys are letters of a text; nil while they are actions.
  var typingHints: [Offer]? { filterHints ?? model.typingHints(self) }
  var isTyping: Bool { typingHints != nil }

  /// `E` asks; the text is made when it is chosen, so that a menu that is closed costs nothing.
  mutating func askExport() -> [Effect] {
    overlay = Menu(title: "export", choices: ExportMenu(bench: self).choices)
    return []
  }

  /// `C-y`: the screen's own text, else the text of the focused pane.
  mutating func copy() -> [Effect] {
    let exports = ExportMenu(bench: self)
    return [.copy(model.copied(self) ?? exports.paneText, file: "\(exports.name)-copy.txt")]
  }

  /// The runs of the open session as they were listed.
  var sessionRuns: [RunRow] { sessions?.first { $0.name == sessionName }?.runs ?? [] }

  /// Metrics of that session's table, the main one first; empty while the sessions are not known,
  /// and where nothing says which ones fit.
  func columns(of session: String?) -> [String] {
    sessions?.first { $0.name == session }?.columns ?? []
  }

  /// The main score of a session's runs: the first column of its table, also where it has no value.
  /// `ids`: metrics that have one.
  func headline(of session: String?, among ids: [String]) -> String {
    Headline.metric(columns(of: session), among: ids)
  }

  /// Metrics of the table that the run that is shown belongs to, the main one first.
  var runColumns: [String] {
    if let own = run.started?.columns { return own }
    guard let folder = replay?.recording.folder else { return columns(of: sessionName) }
    return sessions?.first { $0.runs.contains { $0.folder == folder } }?.columns ?? []
  }
}

/// One line that comes and goes.
public struct Toast: Sendable, Equatable {
  public var text: String
  public var isWarning: Bool
  /// When it goes, in the clock given to `tick`, s.
  var until: Double
}

/// A request of the workbench to its surroundings. The shell carries these out in order.
public enum Effect: Sendable, Equatable {
  case engine(Request)
  /// Leave. Preceded by what the engine must do first (`shutDown` or `stop`).
  case quit
  /// Hand the terminal back to the shell, as Ctrl-Z does.
  case suspend
  /// Play this sound file through an external player; a new one replaces the old one.
  case play(file: String)
  case stopPlaying
  /// Show a theme until another one is shown; nothing is remembered. The answer is in
  /// `Workbench.themes`.
  case showTheme(String)
  /// Show a theme and remember it.
  case keepTheme(String)
  case cycleGlyphs
  case cycleColor
  /// Write to a file of this name beside the session: every curve, a text, the frame as text or
  /// as an asciicast.
  case export(SeriesText, file: String)
  case write(String, file: String)
  case writeFrame(file: String)
  case writeCast(file: String)
  /// Begin to record frames, or end it and write the asciicast.
  case recordCast(file: String)
  /// To the clipboard; where the terminal has none, to a file of this name.
  case copy(String, file: String)
  /// Leave the terminal and go on training without one.
  case detach
  /// Tell the user, who may look at something else, that a run has ended or failed.
  case notify(String)
  /// Repaint every cell.
  case redraw
}
