import Canvas
import Lab

/// A question with a few answers, each with its own letter. `esc` always means "stay".
package struct Menu: Overlay {
  package struct Choice: Sendable {
    let key: Character
    let title: String
    /// What follows from it, on a line of its own.
    let detail: String
    /// Whether something is lost by it.
    let loses: Bool
    /// What the choice does when it is chosen.
    let effects: @Sendable (inout Workbench) -> [Effect]

    init(
      _ key: Character, _ title: String, detail: String = "", loses: Bool = false,
      effects: @escaping @Sendable (inout Workbench) -> [Effect]
    ) {
      (self.key, self.title, self.effects) = (key, title, effects)
      (self.detail, self.loses) = (detail, loses)
    }

    init(
      _ key: Character, _ title: String, detail: String = "", loses: Bool = false,
      _ effects: Effect...
    ) {
      self.init(key, title, detail: detail, loses: loses) { _ in effects }
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
    guard let choice = choices[at: line] else { return [] }
    bench.overlay = nil
    return choice.effects(&bench)
  }

  func line(at x: Int, _ y: Int, _ bench: Workbench, over place: Rect) -> Int? {
    guard let line = box(bench, over: place)?.line(at: x, y, over: place) else { return nil }
    return rows(in: place).firstIndex { $0.contains(line) }
  }

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    let rows = rows(in: place)
    let lines = choices.enumerated().flatMap { i, choice -> [[StyledText]] in
      let mark = i == cursor ? bench.glyphs.rowMark : " "
      let first = [
        StyledText("\(mark) "), StyledText("(\(choice.key))", choice.loses ? .fault : .accent),
        StyledText(" \(choice.title)", choice.detail.isEmpty ? .text : .title),
      ]
      return rows[i].count > 1 ? [first, [StyledText("      \(choice.detail)", .muted)]] : [first]
    }
    return Box(
      title: title, note: "esc cancels", spans: lines,
      selection: rows.indices.contains(cursor) ? rows[cursor].lowerBound : nil)
  }

  /// The lines of each choice in the box: two with its detail, where all have room for it.
  private func rows(in place: Rect) -> [Range<Int>] {
    let hasRoom = 2 * choices.count + 2 <= place.height
    var end = 0
    return choices.map { choice in
      let start = end
      end += hasRoom && !choice.detail.isEmpty ? 2 : 1
      return start..<end
    }
  }
}

/// The questions of every screen.
extension Menu {
  /// Asked by `S`.
  static let stop = Menu(
    title: "stop the run",
    choices: [
      Choice(
        "e", "evaluate, then stop",
        detail: "ends the batch, writes a checkpoint, scores the networks",
        .engine(.run(.stop(.evaluate)))),
      Choice(
        "a", "end the epoch, then stop", detail: "evaluates and writes a checkpoint first",
        .engine(.run(.stop(.afterEpoch)))),
      Choice(
        "b", "save, then stop", detail: "ends the batch and writes a checkpoint; R resumes the run",
        .engine(.run(.stop(.afterBatch)))),
      Choice(
        "n", "stop at once", detail: "keeps the last checkpoint; the steps since then are lost",
        loses: true, .engine(.run(.stop(.now)))),
      Choice("s", "keep training"),
    ])

  /// Asked by `,`: what it takes to go back.
  static func stepBack(_ plan: StepBack) -> Menu {
    let again = plan.target - plan.base
    let cost =
      again == 0
      ? "its state is stored: immediate"
      : "retrains \(again.of("step")) from step \(plan.base), about "
        + "\(plan.seconds < 10 ? "\(plan.seconds.fixed(1)) s" : plan.seconds.clock)"
    return Menu(
      title: "back to step \(plan.target)?",
      choices: [
        Choice("y", cost, .engine(.run(.stepBack(plan.count)))),
        Choice("s", "stay"),
      ])
  }

  /// Asked by `q` while a run is active. A held run is resumed if the user detaches.
  static func quit(isHeld: Bool) -> Menu {
    Menu(
      title: "a run is training",
      choices: [
        Choice("d", "detach", detail: "trains on without a terminal; scant attaches again") { _ in
          (isHeld ? [.engine(.run(.resume))] : []) + [.detach]
        },
        Choice(
          "c", "save, then quit", detail: "writes a checkpoint; R resumes the run later",
          .engine(.shutDown), .quit),
        Choice(
          "k", "stop at once and quit",
          detail: "keeps the last checkpoint; the steps since then are lost", loses: true,
          .engine(.run(.stop(.now))), .quit),
        Choice("s", "stay"),
      ])
  }

  /// Asked by `q` while a run of another process is followed.
  static let quitAttached = Menu(
    title: "another process trains this run",
    choices: [
      Choice(
        "d", "leave", detail: "the other process trains on; scant attaches again",
        .engine(.shutDown), .quit),
      Choice(
        "c", "save, stop it and quit", detail: "ends the batch and writes a checkpoint",
        .engine(.run(.stop(.afterBatch))), .engine(.shutDown), .quit),
      Choice("s", "stay"),
    ])
}

/// Exports: curves, frames, files of the screens, and text for the clipboard.
struct ExportMenu {
  let bench: Workbench

  var choices: [Menu.Choice] { numbers + frames }

  /// Curves, then what the screens add.
  private var numbers: [Menu.Choice] {
    let forms = bench.run.series.isEmpty ? [] : SeriesText.allCases
    let curves = forms.map { form in
      Menu.Choice(
        form == .csv ? "c" : "n", "every curve as \(form.rawValue.uppercased())",
        .export(form, file: "\(name).\(form.rawValue)"))
    }
    return curves + bench.screens.all.flatMap { $0.exports(bench, name) }
  }

  private var frames: [Menu.Choice] {
    let frame = "\(bench.screen.name)-\(name)"
    return [
      .init("f", "this frame as text", .writeFrame(file: "\(frame).txt")),
      .init("a", "this frame as asciicast", .writeCast(file: "\(frame).cast")),
      .init("r", "record frames as asciicast, or end it", .recordCast(file: "\(name).cast")),
    ]
  }

  /// Of a file: the run and the step that are shown. Nothing but plain characters.
  var name: String {
    let subject = bench.subject.map { $0.isLetter || $0.isNumber || "-_".contains($0) ? $0 : "-" }
    return String(subject.prefix(80)) + (bench.run.step > 0 ? "-step\(bench.run.step)" : "")
  }

  /// The focused pane as it is drawn now, without its border.
  var paneText: String {
    let grid = bench.draw(
      width: bench.size.width, height: bench.size.height, glyphs: .unicode)
    let places = bench.arrangement
    guard let tile = places.panes.first(where: { $0.pane == bench.focused }) else {
      return grid.lines.joined(separator: "\n")
    }
    let rect = places.kind == .full ? tile.rect.inset() : tile.rect
    return grid.lines(in: rect).joined(separator: "\n")
  }
}
