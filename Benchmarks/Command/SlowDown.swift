// What the screen costs a training: one training, whose frames are drawn or left out by chance,
// and how much longer the steps take that meet one.
import Canvas
import Foundation
import Lab
import Output
import Panes
import Synchronization
import Terminal

/// What the training thread tells.
private final class Listener: Sendable {
  private struct State {
    var events: [Event] = []
    /// What each step since the last mark took, s.
    var steps: [Double] = []
    var count = 0
  }
  private let state = Mutex(State())

  func hear(_ event: Event) { state.withLock { $0.events.append(event) } }

  func hear(step seconds: Double) {
    state.withLock {
      $0.steps.append(seconds)
      $0.count += 1
    }
  }

  var count: Int { state.withLock { $0.count } }

  /// Steps are counted from the one under way.
  func mark() { state.withLock { $0.steps = [] } }

  /// What the first `n` steps since the mark took, s; nil where fewer have ended.
  func seconds(of n: Int) -> Double? {
    state.withLock { $0.steps.count < n ? nil : $0.steps.prefix(n).reduce(0, +) }
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
  /// Of the last frame: processor time, s.
  private var cost = 0.0
  private var chance = SystemRandomNumberGenerator()
  private let listener = Listener()
  private let folder: URL

  init(_ cells: (width: Int, height: Int), threads: Int) throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("scant-bench-\(UUID().uuidString)")
    let recipe = try Recipe(dataset: "band", model: "cnn", method: "b1")
      .setting("training.epochs", to: "100000").setting("training.threads", to: "\(threads)")
    trainer = try RunExecutor().trainer(
      for: recipe, in: RunFolder(folder), stepped: { [listener] in listener.hear(step: $0) },
      sink: { [listener] in listener.hear($0) })
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

  /// Two moments at which a frame is due, one after the other; by chance it is drawn at the one
  /// and left out at the other. Pairs in which other programs were busy, or an evaluation came, are
  /// done again, up to as many as were asked for.
  func measure(pairs: Int) throws -> ScreenCost {
    trainer.start()
    while listener.count < 200 { _ = moment(isDrawn: true) }
    var cost = ScreenCost()
    let start = TerminalLoop.now
    var moments = 0
    for _ in 0..<2 * pairs where cost.near.count < pairs {
      let others = OtherPrograms()
      let isFirst = Bool.random(using: &chance)
      let (first, second) = (moment(isDrawn: isFirst), moment(isDrawn: !isFirst))
      moments += 2
      guard others.cores <= OtherPrograms.quiet, let first, let second else {
        cost.disturbed += 1
        continue
      }
      let sign = isFirst ? 1.0 : -1.0
      cost.near.values.append(sign * (first.near - second.near))
      cost.far.values.append(sign * (first.far - second.far))
      cost.step = first.far / Double(ScreenCost.far)
    }
    cost.interval = (TerminalLoop.now - start) / Double(max(1, moments))
    trainer.perform(.stop(.now))
    _ = trainer.wait()
    return cost
  }

  /// Waits until a frame is due and then for the next one; what the steps took that met the first
  /// one, nil where too few ended between the two.
  private func moment(isDrawn: Bool) -> (near: Double, far: Double)? {
    Thread.sleep(forTimeInterval: max(0, pacing.earliest - TerminalLoop.now))
    listener.mark()
    let events = listener.take()
    if isDrawn { cost = show(events) }
    pacing.drawn(at: TerminalLoop.now, cost: cost)
    Thread.sleep(forTimeInterval: max(0, pacing.earliest - TerminalLoop.now))
    let deadline = TerminalLoop.now + Self.patience
    while listener.seconds(of: ScreenCost.far) == nil, TerminalLoop.now < deadline {
      Thread.sleep(forTimeInterval: 0.005)
    }
    guard let near = listener.seconds(of: ScreenCost.near),
      let far = listener.seconds(of: ScreenCost.far)
    else { return nil }
    return (near, far)
  }

  /// How long to wait beyond the next frame for the steps to end, s: on a slow machine fewer fit
  /// between two frames. An evaluation takes longer.
  private static let patience = 0.5

  /// Processor time it took, s.
  private func show(_ events: [Event]) -> Double {
    let before = TerminalLoop.processorSeconds
    _ = bench.apply(.events(events))
    let (width, height) = curses.size
    let glyphs = appearance.glyphs(best: curses.glyphs, color: curses.color)
    let grid = bench.draw(width: width, height: height, glyphs: glyphs)
    curses.flush(grid, appearance.palette(curses.color))
    return TerminalLoop.processorSeconds - before
  }
}

/// By how much a training is slower with a screen than without.
struct ScreenCost {
  /// Steps after a due frame that are looked at: it takes less than one, and so many pass until
  /// the caches are the training's again. All of them up to about the next frame, as a check.
  static let near = 8, far = 24

  /// What those steps took longer with a frame than without, s, a pair each.
  var near = Differences(), far = Differences()
  /// Between two frames, s.
  var interval = Double.nan
  /// Pairs left out.
  var disturbed = 0
  /// Of a training step, s.
  var step = Double.nan

  struct Differences {
    var values: [Double] = []
    var count: Int { values.count }

    var median: Double { values.isEmpty ? .nan : values.sorted()[values.count / 2] }

    /// The order statistics that hold the median with 95 %: a sign test turned around.
    var interval: (low: Double, high: Double) {
      guard !values.isEmpty else { return (.nan, .nan) }
      let sorted = values.sorted(), n = Double(values.count)
      let reach = 0.98 * n.squareRoot()
      let low = max(0, Int((n / 2 - reach).rounded(.down)))
      let high = min(values.count - 1, Int((n / 2 + reach).rounded(.up)))
      return (sorted[low], sorted[high])
    }
  }
}
