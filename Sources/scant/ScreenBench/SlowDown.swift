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
    /// Steps done so far and when that was said, s.
    var step = 0
  }
  private let state = Mutex(State())

  func hear(_ event: Event) {
    state.withLock { state in
      state.step = max(state.step, event.step)
      if state.isDrawn { state.events.append(event) }
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

  /// A turn without a screen and one with it, in changing order.
  func measure(pairs: Int, turn: Double) throws -> ScreenCost {
    trainer.start()
    while listener.step < 200 { spend(0.2, drawn: true) }
    var cost = ScreenCost()
    for pair in 0..<pairs {
      let order = pair.isMultiple(of: 2) ? [false, true] : [true, false]
      var rates: [Bool: Double] = [:]
      for drawn in order { rates[drawn] = rate(turn, drawn: drawn) }
      if let with = rates[true], let without = rates[false], with > 0 {
        cost.ratios.append(without / with)
        cost.step = 1 / with
      }
    }
    trainer.stop(.now)
    _ = trainer.wait()
    return cost
  }

  /// Steps a second.
  private func rate(_ seconds: Double, drawn: Bool) -> Double {
    listener.draw(drawn)
    spend(0.3, drawn: drawn)
    let (first, start) = (listener.step, Self.now)
    spend(seconds, drawn: drawn)
    return Double(listener.step - first) / (Self.now - start)
  }

  private func spend(_ seconds: Double, drawn: Bool) {
    let end = Self.now + seconds
    while Self.now < end {
      if drawn { show() }
      Thread.sleep(forTimeInterval: min(1 / FramePacing.framesPerSecond, max(0, end - Self.now)))
    }
  }

  private func show() {
    _ = bench.apply(.events(listener.take()))
    let (width, height) = curses.size
    let glyphs = appearance.glyphs(best: curses.glyphs, color: curses.color)
    let grid = bench.draw(width: width, height: height, glyphs: glyphs)
    curses.flush(grid, appearance.palette(curses.color))
  }

  private static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
}

/// By how much a training is slower with a screen than without.
struct ScreenCost: Encodable {
  /// Steps a second without over steps a second with, a pair each.
  var ratios: [Double] = []
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
