// What the screen costs a training: one training, drawn and not drawn in turns, so that both sides
// have the same memory, the same data and the same minute.
import Canvas
import Foundation
import Lab
import Panes
import Synchronization
import Terminal

/// What the training thread tells, and whether anyone listens.
private final class Listener: Sendable {
  private struct State {
    var isDrawn = true
    var events: [Event] = []
    /// Steps done so far.
    var step = 0
    /// When the last batch of curves was closed, unless something else than steps came after, ns.
    var closed: UInt64?
    /// Steps timed, and the time they took, ns.
    var (timed, time): (Int, UInt64) = (0, 0)

    /// A batch of curves holds exactly the steps since the batch before it.
    mutating func clock(_ event: Event) {
      switch event.body {
      case .scalars(let batch):
        if let closed {
          timed += batch.n
          time += event.t - closed
        }
        closed = event.t
      case .progress, .terms, .phase: break
      default: closed = nil
      }
    }
  }
  private let state = Mutex(State())

  func hear(_ event: Event) {
    state.withLock { state in
      state.step = max(state.step, event.step)
      if state.isDrawn { state.events.append(event) }
      state.clock(event)
    }
  }

  /// Seconds a step took since the last question; nil where none was timed. Steps alone count, by
  /// the trainer's own clock: no evaluation, no checkpoint, no rounding to a turn's ends.
  func secondsPerStep() -> Double? {
    state.withLock { state in
      defer { (state.closed, state.timed, state.time) = (nil, 0, 0) }
      return state.timed > 0 ? Double(state.time) * 1e-9 / Double(state.timed) : nil
    }
  }

  var step: Int { state.withLock { $0.step } }
  func draw(_ isDrawn: Bool) {
    state.withLock { state in
      state.isDrawn = isDrawn
      state.events = []
    }
  }
  func take() -> [Event] {
    state.withLock { state in
      defer { state.events = [] }
      return state.events
    }
  }
}

/// A training and a screen on a terminal that nobody looks at.
final class SlowDown {
  private let terminal: BlindTerminal
  private let curses: Curses
  private var appearance: Appearance
  private var bench: Workbench
  private let trainer: Trainer
  private var pacing = FramePacing()
  private let listener = Listener()
  private let folder: URL

  init(_ cells: (width: Int, height: Int), threads: Int) throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("scant-bench-\(UUID().uuidString)")
    let recipe = try Recipe(dataset: "band", model: "cnn", method: "b1")
      .setting("training.epochs", to: "100000").setting("training.threads", to: "\(threads)")
    trainer = try RunExecutor().trainer(
      for: recipe, in: RunFolder(folder), progress: nil, sink: { [listener] in listener.hear($0) })
    terminal = try BlindTerminal(width: cells.width, height: cells.height)
    var environment = ProcessInfo.processInfo.environment
    environment["TERM"] = "xterm-256color"
    curses = try Curses(
      Curses.Options(
        color: .indexed, mouse: false, environment: environment, input: terminal.descriptor,
        output: terminal.descriptor))
    appearance = try Appearance(theme: nil)
    bench = Workbench(recipe: recipe, catalog: .standard, session: "bench", runs: [])
    bench.resize(width: cells.width, height: cells.height)
    _ = bench.perform(.showTrain)
  }

  deinit {
    curses.stop()
    try? FileManager.default.removeItem(at: folder)
  }

  /// A turn without a screen and one with it, in changing order. Pairs in which other programs
  /// were busy are done again, up to as many as were asked for.
  func measure(pairs: Int, turn: Double) throws -> ScreenCost {
    trainer.start()
    while listener.step < 200 { spend(0.2, drawn: true) }
    var cost = ScreenCost()
    for _ in 0..<2 * pairs where cost.ratios.count < pairs {
      let order = cost.ratios.count.isMultiple(of: 2) ? [false, true] : [true, false]
      var steps: [Bool: Double] = [:]
      let others = OtherPrograms()
      for drawn in order { steps[drawn] = step(turn, drawn: drawn) }
      if others.cores > OtherPrograms.quiet {
        cost.disturbed += 1
      } else if let with = steps[true], let without = steps[false] {
        cost.ratios.append(with / without)
        cost.step = with
      }
    }
    trainer.stop(.now)
    _ = trainer.wait()
    return cost
  }

  /// Seconds a step takes during a turn.
  private func step(_ seconds: Double, drawn: Bool) -> Double? {
    listener.draw(drawn)
    spend(0.1, drawn: drawn)
    _ = listener.secondsPerStep()
    spend(seconds, drawn: drawn)
    return listener.secondsPerStep()
  }

  private func spend(_ seconds: Double, drawn: Bool) {
    let end = TerminalLoop.now + seconds
    while TerminalLoop.now < end {
      if drawn { show() }
      let next = drawn ? min(pacing.earliest, end) : end
      Thread.sleep(forTimeInterval: max(0, next - TerminalLoop.now))
    }
  }

  private func show() {
    let before = TerminalLoop.processorSeconds
    _ = bench.apply(.events(listener.take()))
    let (width, height) = curses.size
    let glyphs = appearance.glyphs(best: curses.glyphs, color: curses.color)
    let grid = bench.draw(width: width, height: height, glyphs: glyphs)
    curses.flush(grid, appearance.palette(curses.color))
    pacing.drawn(at: TerminalLoop.now, cost: TerminalLoop.processorSeconds - before)
  }
}

/// By how much a training is slower with a screen than without.
struct ScreenCost: Encodable {
  /// Time of a step with over time of a step without, a pair each.
  var ratios: [Double] = []
  /// Pairs left out, because other programs were busy.
  var disturbed = 0
  /// Of a training step while it was drawn, s.
  var step = Double.nan

  private var sorted: [Double] { ratios.sorted() }
  var median: Double { sorted.isEmpty ? .nan : sorted[sorted.count / 2] }

  /// The order statistics that hold the median with 95 %: a sign test turned around.
  var interval: (low: Double, high: Double) {
    let n = Double(ratios.count)
    let reach = 0.98 * n.squareRoot()
    let low = max(0, Int((n / 2 - reach).rounded(.down)))
    let high = min(ratios.count - 1, Int((n / 2 + reach).rounded(.up)))
    return sorted.isEmpty ? (.nan, .nan) : (sorted[low], sorted[high])
  }
}
