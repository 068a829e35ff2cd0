import Canvas
import Lab

/// A question with a few answers, each with its own letter. `esc` always means "stay".
struct Menu: Sendable, Equatable {
  struct Choice: Sendable, Equatable {
    var key: Character
    var title: String
    var effects: [Effect]
  }

  var title: String
  var choices: [Choice]
  var cursor = 0

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

/// A menu on the screen.
struct MenuBox {
  let menu: Menu
  let glyphs: GlyphSet

  func draw(over place: Rect, on grid: inout Grid) { box.draw(over: place, on: &grid) }

  var box: Box {
    let lines = menu.choices.enumerated().map { i, choice in
      StyledText("\(i == menu.cursor ? glyphs.pointer : " ") (\(choice.key)) \(choice.title)")
    }
    return Box(
      title: menu.title, note: "esc stays", lines: lines, selection: menu.cursor, glyphs: glyphs)
  }
}
