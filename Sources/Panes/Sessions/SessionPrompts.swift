import Canvas
import Foundation
import Lab

/// New, duplicated and renamed sessions on 7 Sessions.
extension SessionScreen {
  static let makingActions = [
    Action(
      .newSession, "new…", "a new session, for a folder of sounds or as a copy (duplicate)",
      .of("N"), chooseNew),
    Action(
      .editSession, "edit…", "rename the session, or note something about the run", .of("e"),
      as: .edit, edit),
  ]

  /// Where a new session comes from.
  static func chooseNew(_ bench: inout Workbench) -> [Effect] {
    let copy = (chosenSession(bench)?.name).map {
      [Menu.Choice("d", "duplicate \($0), without its runs", effects: askDuplicate)]
    }
    bench.overlay = Menu(
      title: "new session",
      choices: [Menu.Choice("f", "for a folder of sounds", effects: askNew)] + (copy ?? []))
    return []
  }

  /// The name of a session, the note of a run.
  static func edit(_ bench: inout Workbench) -> [Effect] {
    chosenRun(bench) == nil ? askRename(&bench) : askNote(&bench)
  }

  static func askNew(_ bench: inout Workbench) -> [Effect] {
    bench.overlay = Prompt(
      "new session",
      help: ["the folder of your sounds, with labels.csv, label tracks or a folder a class"],
      tab: .completes
    ) { [.engine(.sessions(.make(path: $1)))] }
    return []
  }

  static func askDuplicate(_ bench: inout Workbench) -> [Effect] {
    guard let row = readableSession(&bench, "N duplicates") else { return [] }
    let names = Set((bench.sessions ?? []).map(\.name))
    let free = SessionFile.names(row.name).first { !names.contains($0) }
    let folder = row.folder
    bench.overlay = Prompt(
      "duplicate \(row.name)", help: ["the name of the copy; its runs are to do"],
      text: free ?? row.name
    ) { [.engine(.sessions(.duplicate(folder, name: $1)))] }
    return []
  }

  static func askNote(_ bench: inout Workbench) -> [Effect] {
    guard let row = chosenRun(bench), row.summary.state != "absent" else {
      return bench.said("this run has no folder yet; R trains it")
    }
    let folder = row.folder
    bench.overlay = Prompt(
      "note on \(row.summary.name)", help: ["a text; words with # are tags; / finds both"],
      text: row.note ?? "", mayBeEmpty: true
    ) { [.engine(.sessions(.note(folder, $1)))] }
    return []
  }

  static func askRename(_ bench: inout Workbench) -> [Effect] {
    guard let row = readableSession(&bench, "e renames") else { return [] }
    let isOn = bench.isTraining && row.name == bench.sessionName
    guard !isOn, !row.runs.contains(where: { $0.summary.state == "training" }) else {
      return bench.said("a run of \(row.name) is training; press S to stop it first")
    }
    guard bench.replay == nil else {
      return bench.said("a replay is shown; press esc to close it first")
    }
    let folder = row.folder
    bench.overlay = Prompt(
      "rename \(row.name)", help: ["its name from now on"], text: row.name
    ) { [.engine(.sessions(.rename(folder, name: $1)))] }
    return []
  }

  /// The session under the cursor, or that of the run there; nil after saying what is missing.
  private static func readableSession(_ bench: inout Workbench, _ key: String) -> SessionRow? {
    guard let row = chosenSession(bench) else {
      bench.say("\(key) the session under the cursor")
      return nil
    }
    if let problem = row.problem, row.runs.isEmpty {
      bench.say(problem, isWarning: true)
      return nil
    }
    return row
  }

  /// A session has a new folder.
  static func take(_ made: MadeSession, _ bench: inout Workbench) {
    if bench.overlay is Prompt { bench.overlay = nil }
    if let former = made.former, bench[.sessions].unfolded.remove(former) != nil {
      bench[.sessions].unfolded.insert(made.name)
    }
    bench[.sessions].sought = made.name
    seek(&bench)
    switch made.origin {
    case .new where bench.overlay == nil: bench.overlay = MadeOverlay(made: made)
    case .new: bench.say("session \(made.name) is written")
    case .duplicate: bench.say("\(made.name) is a copy without runs; press o to open it")
    case .rename: bench.say("\(made.former ?? "") is called \(made.name) now")
    }
  }

  /// Puts the cursor on the session that was made, once it is listed.
  static func seek(_ bench: inout Workbench) {
    guard let name = bench[.sessions].sought else { return }
    let line = sessionLines(bench).firstIndex { line in
      if case .session(let row) = line { row.name == name } else { false }
    }
    guard let line else { return }
    bench.cursors[.sessionList] = line
    bench[.sessions].sought = nil
  }
}

/// What was understood of the folder of a new session, and the way on.
struct MadeOverlay: Overlay {
  let made: MadeSession

  private static let mostProblems = 3

  /// A word and a text, folded beside the word.
  private static func hanging(_ line: String, _ width: Int) -> [StyledText] {
    let (word, text) = (line.prefix(12), String(line.dropFirst(12)))
    return text.wrapped(to: max(8, width - 12)).enumerated().map { row, part in
      StyledText((row == 0 ? String(word) : String(repeating: " ", count: 12)) + part)
    }
  }

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    switch key {
    case .escape, .character("q"): bench.overlay = nil
    case .enter, .character("o"):
      bench.overlay = nil
      guard !bench.isTraining else {
        return bench.said("a run is active; press S to stop it first")
      }
      return [.engine(.sessions(.open(made.folder)))]
    default: break
    }
    return []
  }

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    let width = min(place.width - 4, 96)
    guard width > 20, place.height > 4 else { return nil }
    let more = made.problems.count - Self.mostProblems
    let rest = more > 0 ? [StyledText("! and \(more) more: scant data check", .warn)] : []
    let lines =
      made.lines.flatMap { Self.hanging($0, width - 4) }
      + made.problems.prefix(Self.mostProblems).map { StyledText("! \($0)", .warn) } + rest
    let room = max(1, place.height - 4)
    let folded = lines.flatMap { $0.folded(to: width - 4) }.prefix(room)
    return Box(
      title: "session \(made.name)", note: "o opens it, esc",
      lines: Array(folded) + [StyledText("(o) open it; then R on 3 Train trains it", .title)])
  }
}
