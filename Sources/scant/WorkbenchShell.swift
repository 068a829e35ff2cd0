/// Joins the two halves: keys and the engine's messages go into the workbench, frames and
/// requests come out. One thread; it sleeps in `poll` whenever nothing happens.
import Acoustics
import Canvas
import Foundation
import Lab
import Output
import Panes
import Terminal

final class WorkbenchShell {
  var bench: Workbench
  let engine: LabEngine
  let curses: Curses
  var appearance: Appearance
  let configuration: Configuration
  private var script: KeyScript?
  let streams: RedirectedStreams
  /// A run to show first, and the step to show of it.
  private let recording: (Recording, Int?)?
  /// A run of another process to follow first.
  private let followed: RunFolder?
  /// A log of another program to follow first.
  private let watchedRun: WatchedRun?
  /// Whether the page of the first start is shown.
  private let offersStart: Bool
  var player: Player?
  /// The recording of frames, while one is made.
  var cast: Asciicast?
  /// Messages wait in the mailbox for their frame's time; keys are answered at once.
  private let wakes: WakePipe
  private var pacing = FramePacing()
  /// Processor time of this thread at the end of the last frame, s.
  private var spent = TerminalLoop.processorSeconds
  private var resizing = ResizePacing()
  private var scriptResumes = 0.0
  /// Where each frame is marked, for those who measure; and the frames and keys so far.
  private let marks: Int32?
  private var counts = (frames: 0, keys: 0)
  /// Set when the loop is to end: the exit status.
  var status: Int32?
  /// Set when training is to go on without this screen.
  var detaches = false

  init(
    session: Session, shelves: [URL], newSessions: URL, appearance: Appearance,
    options: Curses.Options,
    script: KeyScript?, configuration: Configuration, showing recording: Recording? = nil,
    at step: Int? = nil, following followed: RunFolder? = nil, offersStart: Bool = false,
    guides: URL? = nil, watching logs: (folder: WatchedFolder, run: WatchedRun?)? = nil,
    marks: Int32? = nil
  ) throws {
    self.marks = marks
    watchedRun = logs?.run
    let recipe = Self.recipe(session, showing: recording, following: followed)
    bench = Workbench(
      recipe: recipe, catalog: .standard, session: session.name, runs: session.summaries(),
      screen: logs.map { $0.run == nil ? .sessions : .train }
        ?? (recording == nil && followed == nil
          ? configuration.preferences.layout.screen.flatMap(Screen.init(name:)) ?? .train : .train),
      watchesOnly: logs != nil)
    bench.keymap = configuration.keymap
    bench.layout = PaneLayout(configuration.preferences.layout)
    bench.chosenColumns = configuration.preferences.layout.columns
    engine = LabEngine(
      session: session, runs: session.folder.appendingPathComponent("runs"), shelves: shelves,
      newSessions: newSessions, guides: guides, watching: logs?.folder)
    self.offersStart = offersStart
    self.recording = recording.map { ($0, step) }
    self.followed = followed
    self.configuration = configuration
    self.appearance = appearance
    self.script = script
    wakes = try WakePipe()
    streams = try RedirectedStreams()
    var options = options
    options.output = streams.terminal
    do { curses = try Curses(options) } catch {
      streams.restore()
      throw error
    }
    self.appearance.adapt(to: curses.background, curses.color)
    bench.themes = ThemeChoice(names: Appearance.library.names, current: self.appearance.name)
  }

  /// The recipe to begin with: of the session's first run or, if a run of other data is shown,
  /// that run, so that no data set is opened for nothing.
  private static func recipe(
    _ session: Session, showing recording: Recording?, following followed: RunFolder?
  ) -> Recipe {
    let first = session.runs.first?.recipe
    // A recipe that cannot be read is told when the run is opened; this only picks the data set.
    let found = recording?.recipe ?? (try? followed?.readRecipe())
    // A run of another program has no recipe to train again.
    guard let shown = found, shown.outside == nil else {
      return first ?? Recipe()
    }
    let isSame =
      first?.dataset == shown.dataset && first?["dataset.root"] == shown["dataset.root"]
    return isSame ? first ?? shown : shown
  }

  /// Runs until the person leaves; returns the exit status.
  func run() throws -> Int32 {
    defer { detaches ? goOn() : close() }
    engine.mailbox.onWake { [wakes] in wakes.wake() }
    var loop = TerminalLoop(curses, wakes: wakes, signals: try Signals())
    fit()
    begin()
    var isDirty = true
    while status == nil, !detaches {
      if isDirty { draw() }
      isDirty = take(loop.next(timeout: timeout()))
    }
    return status ?? 0
  }

  /// Shows the first frame, and a problem of the configuration.
  private func begin() {
    bench.tick(Self.now)
    // Before the sessions are listed, which may take a while.
    if let watchedRun { engine.send(.sessions(.attach(watchedRun.url))) }
    perform(bench.open() + bench.arrive())
    if let (recording, step) = recording {
      perform(bench.apply(.recording(recording)))
      if let step { bench.seek(step: step) }
      if !recording.isWhole { engine.send(.sessions(.record(recording.folder))) }
    }
    if let followed { engine.send(.sessions(.attach(followed.url))) }
    if offersStart { perform(bench.showStart()) }
    if let remark = configuration.remark ?? appearance.problem {
      bench.say(remark, isWarning: true)
    }
  }

  /// Whether something happened that the frame must show.
  private func take(_ input: TerminalLoop.Input) -> Bool {
    bench.tick(Self.now)
    switch input {
    case .keys(let keys):
      counts.keys += keys.count
      pacing.touch(at: Self.now)
      for key in keys where status == nil && !detaches { perform(bench.handle(key)) }
    case .woken, .timeout: break
    case .resized:
      fit()
      guard resizing.isDue(at: Self.now) else { return false }
    case .interrupted(let signal): end(by: signal)
    case .suspended: suspend()
    case .continued:
      curses.redraw()
      fit()
    }
    playScript()
    wakes.clear()
    for message in engine.mailbox.drain() { receive(message) }
    return true
  }

  /// Requests go to the engine; everything else is done here.
  private func perform(_ effects: [Effect]) {
    for effect in effects {
      if case .engine(let request) = effect { engine.send(request) } else { perform(effect) }
    }
  }

  private func receive(_ message: Message) {
    perform(bench.apply(message))
    if case .recording(let recording) = message, recording.isWhole { FreedMemory.giveBack() }
  }

  /// Seconds until something must be done without a key; nil: sleep.
  private func timeout() -> Double? {
    var moments: [Double] = []
    if let due = resizing.due { moments.append(due) }
    if let tick = bench.nextTick { moments.append(tick) }
    if script != nil { moments.append(scriptResumes) }
    return moments.min().map { max(0, $0 - Self.now) }
  }

  private func draw() {
    resizing.drawn(at: Self.now)
    // A recording has no pixels.
    let grid = frame(images: cast == nil ? curses.images : nil)
    cast?.add(grid, at: Self.now)
    curses.flush(grid, appearance.palette(curses.color))
    paceMessages()
    guard let marks else { return }
    counts.frames += 1
    FrameMark(
      number: counts.frames, keys: counts.keys, points: bench.points, width: grid.width,
      height: grid.height
    ).write(to: marks)
  }

  /// The next frame of messages alone comes when this one is paid for.
  private func paceMessages() {
    let now = TerminalLoop.processorSeconds
    pacing.drawn(at: Self.now, cost: now - spent)
    spent = now
    wakes.holdOff(until: pacing.earliest)
  }

  func frame(images: ImageProtocol? = nil) -> Grid {
    let (width, height) = curses.size
    var glyphs = appearance.glyphs(best: curses.glyphs, color: curses.color)
    glyphs.images = images
    return bench.draw(width: width, height: height, glyphs: glyphs)
  }

  func fit() {
    let (width, height) = curses.size
    bench.resize(width: width, height: height)
  }

  /// One step of the key script, when it is time.
  private func playScript() {
    guard script != nil, Self.now >= scriptResumes, status == nil, !detaches else { return }
    switch script?.next() {
    case .key(let key):
      pacing.touch(at: Self.now)
      perform(bench.handle(key))
    case .action(let id): perform(bench.perform(id))
    case .wait(let seconds): scriptResumes = Self.now + seconds
    case nil: script = nil
    }
  }

  private static var now: Double { TerminalLoop.now }
}
