/// Joins the two halves: keys and the engine's messages go into the workbench, pictures and
/// requests come out. One thread; it sleeps in `poll` whenever nothing happens.
import Acoustics
import Canvas
import Foundation
import Lab
import Panes
import Terminal

final class WorkbenchShell {
  private var bench: Workbench
  private let engine: LabEngine
  private let curses: Curses
  private var appearance: Appearance
  private var script: KeyScript?
  private let streams: RedirectedStreams
  /// A run to show first, and the step to show of it.
  private let recording: (Recording, Int?)?
  private var player: Player?
  /// Messages wait in the mailbox for their picture's time; keys are answered at once.
  private var pacing = FramePacing()
  private var resizing = ResizePacing()
  private var scriptResumes = 0.0
  /// Where each picture is marked, for those who measure; and the pictures and keys so far.
  private let marks: Int32?
  private var counts = (frames: 0, keys: 0)
  /// Set when the loop is to end: the exit status.
  private var status: Int32?

  init(
    session: Session, shelves: [URL], appearance: Appearance, options: Curses.Options,
    script: KeyScript?, showing recording: Recording? = nil, at step: Int? = nil,
    marks: Int32? = nil
  ) throws {
    self.marks = marks
    let recipe = session.runs.first?.recipe ?? Recipe()
    bench = Workbench(
      recipe: recipe, catalog: .standard, session: session.name, runs: session.summaries())
    engine = LabEngine(
      session: session, runs: session.folder.appendingPathComponent("runs"), shelves: shelves)
    self.recording = recording.map { ($0, step) }
    self.appearance = appearance
    self.script = script
    streams = try RedirectedStreams()
    var options = options
    options.output = streams.terminal
    do { curses = try Curses(options) } catch {
      streams.restore()
      throw error
    }
  }

  /// Runs until the person leaves; returns the exit status.
  func run() throws -> Int32 {
    defer { close() }
    let wakes = try WakePipe()
    engine.mailbox.onWake { wakes.wake() }
    var loop = TerminalLoop(curses, wakes: wakes, signals: try Signals())
    fit()
    perform(bench.open())
    if let (recording, step) = recording {
      perform(bench.apply(.recording(recording)))
      if let step { bench.seek(step: step) }
      if !recording.isWhole { engine.send(.sessions(.record(recording.folder))) }
    }
    var isDirty = true
    while status == nil {
      if isDirty { draw() }
      isDirty = take(loop.next(timeout: timeout()))
    }
    return status ?? 0
  }

  /// Whether something happened that the picture must show.
  private func take(_ input: TerminalLoop.Input) -> Bool {
    bench.tick(Self.now)
    switch input {
    case .keys(let keys):
      counts.keys += keys.count
      for key in keys where status == nil { perform(bench.handle(key)) }
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
    let now = Self.now
    if input == .woken {
      pacing.wake(at: now)
      guard pacing.isDue(at: now) else { return false }
    }
    pacing.take(at: now)
    for message in engine.mailbox.drain() { receive(message) }
    return true
  }

  private func receive(_ message: Message) {
    perform(bench.apply(message))
    if case .recording(let recording) = message, recording.isWhole { FreedMemory.giveBack() }
  }

  /// Seconds until something must be done without a key; nil: sleep.
  private func timeout() -> Double? {
    var moments: [Double] = []
    if let due = pacing.due { moments.append(due) }
    if let due = resizing.due { moments.append(due) }
    if let tick = bench.nextTick { moments.append(tick) }
    if script != nil { moments.append(scriptResumes) }
    return moments.min().map { max(0, $0 - Self.now) }
  }

  private func draw() {
    resizing.drawn(at: Self.now)
    let (width, height) = curses.size
    let glyphs = appearance.glyphs(best: curses.glyphs, color: curses.color)
    let grid = bench.draw(width: width, height: height, glyphs: glyphs)
    curses.flush(grid, appearance.palette(curses.color))
    guard let marks else { return }
    counts.frames += 1
    FrameMark(
      number: counts.frames, keys: counts.keys, points: bench.points, width: width, height: height
    ).write(to: marks)
  }

  private func fit() {
    let (width, height) = curses.size
    bench.resize(width: width, height: height)
  }

  /// One step of the key script, when it is time.
  private func playScript() {
    guard script != nil, Self.now >= scriptResumes, status == nil else { return }
    switch script?.next() {
    case .key(let key): perform(bench.handle(key))
    case .action(let id): perform(bench.perform(id))
    case .wait(let seconds): scriptResumes = Self.now + seconds
    case nil: script = nil
    }
  }

  private static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
}

// MARK: effects

extension WorkbenchShell {
  private func perform(_ effects: [Effect]) {
    for effect in effects { perform(effect) }
  }

  private func perform(_ effect: Effect) {
    switch effect {
    case .engine(let request): engine.send(request)
    case .quit: status = 0
    case .suspend: suspend()
    case .play(let file): play(file)
    case .stopPlaying: player?.stop()
    case .cycleTheme: bench.say("theme \(appearance.cycleTheme())")
    case .cycleGlyphs: bench.say("glyphs \(appearance.cycleGlyphs(best: curses.glyphs))")
    case .redraw: curses.redraw()
    }
  }

  /// Training stops with the process; the workbench says so when it is back.
  private func suspend() {
    curses.suspend()
    fit()
    bench.say("continued; training was stopped meanwhile")
  }

  private func play(_ file: String) {
    player?.stop()
    player = Player()
    guard let player else {
      bench.say("no player found; expected aplay, paplay or ffplay on PATH", isWarning: true)
      return
    }
    do { try player.play(URL(fileURLWithPath: file)) } catch {
      bench.say("\(error)", isWarning: true)
    }
  }

  /// Ctrl-C, TERM and HUP: a checkpoint, then out.
  private func end(by signal: Int32) {
    engine.send(.shutDown)
    status = signal == SIGINT ? 130 : 128 + signal
  }

  /// Gives the terminal back first, so that it is right whatever the engine still has to do.
  private func close() {
    player?.stop()
    engine.send(.shutDown)
    curses.stop()
    streams.restore()
    if !engine.waitUntilIdle(seconds: 10) {
      Console.shared.complain("the run did not stop in time; its last checkpoint stands")
    }
  }
}
