import Canvas
import Lab

/// Row 0: the screens, the active one on a paper or in brackets, and at the right the run and a
/// badge with its state.
struct HeaderRow: Widget {
  let bench: Workbench
  let width: Int

  func draw(in rect: Rect, on grid: inout Grid) {
    let tabs = bench.screens.ids.map(tab)
    var x = rect.x
    for tab in tabs { x += grid.text(tab, x: x, y: rect.y, maxWidth: rect.right - x) }
    let room = max(0, rect.right - x - 1)
    let (state, name) = words(room - 2)
    let badge = " \(state) "
    let used = badge.columns + (name.isEmpty ? 0 : 1 + name.columns)
    let start = max(x + 1, rect.right - used)
    let end = grid.text(name, x: start, y: rect.y, maxWidth: rect.right - start)
    let place = start + end + (name.isEmpty ? 0 : 1)
    grid.text(
      badge, x: place, y: rect.y, ink: .role(.badge), paper: .role(bench.status.badge),
      maxWidth: rect.right - place)
  }

  /// State and name, as long as the room allows. The network and step of a held run stay longer
  /// than the word of its state, which its sign says too.
  private func words(_ room: Int) -> (state: String, name: String) {
    let (state, sign) = (stateText, String(bench.status.glyph(bench.glyphs)))
    var choices = [
      (state, bench.subject + position + best), (state, bench.subject + best),
      (state, bench.subject),
    ]
    if let held = bench.answering {
      let name = "\(bench.subject) \(held.short)"
      choices = [(state, bench.subject + position), (state, name), (sign, name)]
      let left = max(8, room - sign.columns - held.short.columns - 2)
      choices.append((sign, "\(bench.subject.fitted(to: left)) \(held.short)"))
    }
    let fits = choices.first { $0.0.columns + 1 + $0.1.columns <= room }
    return fits ?? (state, bench.subject.fitted(to: max(0, room - state.columns - 1)))
  }

  /// The screen whose tab stands in column `x`.
  func screen(at x: Int, in rect: Rect) -> Screen? {
    var end = rect.x
    for screen in bench.screens.ids {
      let start = end
      end += tab(screen).reduce(0) { $0 + $1.text.columns }
      if (start..<end).contains(x) { return screen }
    }
    return nil
  }

  private var stateText: String {
    let silence = bench.silence.map { " \($0.clock)" } ?? ""
    return "\(bench.status.glyph(bench.glyphs)) \(bench.status.word)\(silence)"
  }

  private func tab(_ screen: Screen) -> [StyledText] {
    let name = width >= 100 ? " \(screen.title)" : screen.shortTitle
    let number = "\(bench.screens.number(of: screen))"
    guard screen == bench.screen else {
      return [StyledText(" \(number)", .faint), StyledText("\(name) ", .muted)]
    }
    guard bench.glyphs.hasPapers else { return [StyledText("[\(number)\(name)]", .title)] }
    let paper = Ink.role(.selection)
    return [
      StyledText(" \(number)", ink: .role(.accent), paper: paper),
      StyledText("\(name) ", ink: .role(.title), paper: paper),
    ]
  }

  /// Epoch, step, elapsed and remaining time, from 160 columns on; of a run that is held, its
  /// network and checkpoint.
  private var position: String {
    // 3 Train has it in the row below.
    let made = bench.screen == .train ? nil : bench.background
    return own + (made.map { "  \($0.what.lowercased())\($0.share)" } ?? "")
  }

  /// The best validation score of the run, which 3 Train has in the row below.
  private var best: String {
    guard bench.screen != .train, width >= 100, bench.answering == nil else { return "" }
    return BestScore(bench).map { "  \($0.text)" } ?? ""
  }

  private var own: String {
    if let held = bench.answering { return "  \(held.model) \(held.source)" }
    guard width >= 160, let started = bench.run.started else { return "" }
    let elapsed = (Double(bench.run.t) / 1e9).clock
    let eta = bench.run.progress.map { "  eta \($0.eta.clock)" } ?? ""
    return "  ep \(bench.run.epoch)/\(started.plannedEpochs)"
      + "  step \(bench.run.step)/\(started.plannedSteps)  \(elapsed)\(eta)"
  }
}

/// Everything on one line, for terminals too small for panes; the most important comes first.
struct StatusLine: Widget {
  let bench: Workbench

  func draw(in rect: Rect, on grid: inout Grid) {
    grid.text(text, x: rect.x, y: rect.y, ink: .role(bench.status.role), maxWidth: rect.width)
  }

  private var text: String {
    if let menu = bench.overlay as? Menu {
      return menu.choices.map { "\($0.key) \($0.title)" }.joined(separator: " · ")
    }
    return ([head] + details).joined(separator: "  ")
  }

  private var head: String {
    let status = bench.status
    return "\(status.glyph(bench.glyphs)) \(status.word) \(bench.screens.number(of: bench.screen))"
  }

  private var details: [String] {
    if let toast = bench.toast { return [toast.text] }
    if let preparation = bench.preparation, bench.run.started == nil {
      return [preparation.what + preparation.share]
    }
    if bench.showsOtherLog { return OtherLogCurves.facts(bench) + ["q quits"] }
    guard let started = bench.run.started else { return [bench.runPromise] }
    let loss = bench.run.series["loss/total"]?.last.map { "loss \(Double($0.value).short)" }
    return [
      "ep \(bench.run.epoch)/\(started.plannedEpochs)",
      "step \(bench.run.step)/\(started.plannedSteps)",
    ] + [loss].compactMap { $0 } + ["q quits"]
  }
}

extension Preparation {
  /// " 41%" once the total is known.
  var share: String { total > 0 ? " " + (Double(done) / Double(total)).percent : "" }

  /// "rendering band  1240/3000  41%  12s left".
  var sentence: String {
    guard total > 0 else { return "\(what) …" }
    let left = eta.map { "  \($0.clock) left" } ?? ""
    return "\(what)  \(done)/\(total) \(share)\(left)"
  }
}

/// The state of the program in the header, told by its word before its colour.
public enum Status: String, Sendable, CaseIterable {
  case empty, idle, preparing, running, pausing, paused, stepping, evaluating, stopping, done,
    failed, stale, replaying, finished, watching

  public var word: String {
    switch self {
    case .empty: "EMPTY"
    case .idle: "IDLE"
    case .preparing: "PREP"
    case .running: "RUN"
    case .pausing: "PAUSING"
    case .paused: "PAUSE"
    case .stepping: "STEP"
    case .evaluating: "EVAL"
    case .stopping: "STOPPING"
    case .done: "DONE"
    case .failed: "FAILED"
    case .stale: "STALE"
    case .replaying: "REPLAY"
    case .finished: "FINISHED"
    case .watching: "WATCH"
    }
  }

  func glyph(_ glyphs: GlyphSet) -> Character {
    switch self {
    case .empty, .idle: glyphs.idle
    case .preparing: glyphs.ellipsis
    case .running, .evaluating, .watching: glyphs.running
    case .pausing, .paused, .stepping: glyphs.paused
    case .stopping, .done, .finished: glyphs.stopped
    case .failed: glyphs.failed
    case .stale: "?"
    case .replaying: glyphs.pick("↺", "@")
    }
  }

  /// The colour of the badge.
  var badge: Role {
    switch self {
    case .empty, .idle, .preparing, .stale: .muted
    case .running, .evaluating: .good
    case .pausing, .paused, .stepping, .stopping: .warn
    case .replaying, .watching: .accent
    case .done, .finished: .positive
    case .failed: .fault
    }
  }

  var role: Role {
    switch self {
    case .empty, .idle: .muted
    case .preparing, .running, .evaluating, .done, .finished, .watching: .good
    case .pausing, .paused, .stepping, .stopping, .stale, .replaying: .warn
    case .failed: .fault
    }
  }
}
