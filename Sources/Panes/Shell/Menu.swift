import Canvas
import Lab

/// A question with a few answers, each with its own letter. `esc` always means "stay".
package struct Menu: Overlay {
  package struct Choice: Sendable {
    var key: Character
    var title: String
    /// What the choice does, made when it is chosen.
    var effects: @Sendable (Workbench) -> [Effect]

    init(key: Character, title: String, effects: [Effect]) {
      self.init(key: key, title: title) { _ in effects }
    }

    init(
      key: Character, title: String, effects: @escaping @Sendable (Workbench) -> [Effect]
    ) {
      (self.key, self.title, self.effects) = (key, title, effects)
    }
  }

  var title: String
  var choices: [Choice]
  var cursor = 0

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    if let line = choices.firstIndex(where: { key == .character($0.key) }) {
      return choose(line, &bench)
    }
    var menu = self
    switch key {
    case .down, .character("j"): menu.cursor = min(choices.count - 1, cursor + 1)
    case .up, .character("k"): menu.cursor = max(0, cursor - 1)
    case .enter: return choose(cursor, &bench)
    case .escape, .character("q"):
      bench.overlay = nil
      return []
    default: break
    }
    bench.overlay = menu
    return []
  }

  func choose(_ line: Int, _ bench: inout Workbench) -> [Effect] {
    guard choices.indices.contains(line) else { return [] }
    bench.overlay = nil
    return choices[line].effects(bench)
  }

  func box(_ bench: Workbench, _ glyphs: GlyphSet, over place: Rect) -> Box? {
    let lines = choices.enumerated().map { i, choice in
      StyledText("\(i == cursor ? glyphs.pointer : " ") (\(choice.key)) \(choice.title)")
    }
    return Box(
      title: title, note: "esc stays", lines: lines, selection: cursor, glyphs: glyphs)
  }
}

/// The questions of every screen.
extension Menu {
  /// Asked by `S`.
  static let stop = Menu(
    title: "stop the run",
    choices: [
      Choice(
        key: "e", title: "finish the batch, checkpoint, evaluate, end",
        effects: [.engine(.run(.stop(.evaluate)))]),
      Choice(
        key: "a", title: "finish the epoch, then end",
        effects: [.engine(.run(.stop(.afterEpoch)))]),
      Choice(
        key: "b", title: "finish the batch, checkpoint, end",
        effects: [.engine(.run(.stop(.afterBatch)))]),
      Choice(
        key: "n", title: "stop now, keep the last checkpoint", effects: [.engine(.run(.stop(.now)))]
      ),
      Choice(key: "s", title: "stay: go on training", effects: []),
    ])

  /// Asked by `,`: what it takes to go back.
  static func stepBack(_ plan: StepBack) -> Menu {
    let again = plan.target - plan.base
    let cost =
      again == 0
      ? "its state is kept: at once"
      : "\(again.of("step")) trained again from step \(plan.base), about "
        + "\(plan.seconds < 10 ? "\(plan.seconds.fixed(1)) s" : plan.seconds.clock)"
    return Menu(
      title: "back to step \(plan.target)?",
      choices: [
        Choice(key: "y", title: cost, effects: [.engine(.run(.stepBack(plan.count)))]),
        Choice(key: "s", title: "stay", effects: []),
      ])
  }

  /// Asked by `q` while a run is on. What is held goes on when it is left alone.
  static func quit(isHeld: Bool) -> Menu {
    Menu(
      title: "a run is training",
      choices: [
        Choice(
          key: "d", title: "detach: it goes on without a terminal; scant attaches again",
          effects: (isHeld ? [.engine(.run(.resume))] : []) + [.detach]),
        Choice(
          key: "c", title: "checkpoint and quit (R resumes it later)",
          effects: [.engine(.shutDown), .quit]),
        Choice(
          key: "k", title: "stop now and quit, keep the last checkpoint",
          effects: [.engine(.run(.stop(.now))), .quit]),
        Choice(key: "s", title: "stay", effects: []),
      ])
  }

  /// Asked by `q` while a run of another process is followed.
  static let quitAttached = Menu(
    title: "another process trains this run",
    choices: [
      Choice(
        key: "d", title: "leave: it goes on; scant attaches again",
        effects: [.engine(.shutDown), .quit]),
      Choice(
        key: "c", title: "stop it behind this batch with a checkpoint, and quit",
        effects: [.engine(.run(.stop(.afterBatch))), .engine(.shutDown), .quit]),
      Choice(key: "s", title: "stay", effects: []),
    ])
}
