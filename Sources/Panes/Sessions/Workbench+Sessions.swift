import Foundation
import Lab

/// The list on 7 Sessions.
struct SessionState: ScreenState {
  var rows: [SessionRow] = []
  /// Names of the sessions whose runs are listed below them.
  var unfolded: Set<String> = []
  var isKnown = false
}

/// A line of the list: a session, or one of its runs.
enum SessionLine: Sendable, Equatable {
  case session(SessionRow)
  case run(RunRow, session: String)
}

/// The list of sessions: opening, resuming, replaying, deleting.
extension Workbench {
  var sessions: SessionState {
    get { states[SessionState.self] }
    _modify { yield &states[SessionState.self] }
  }

  var sessionLines: [SessionLine] {
    sessions.rows.flatMap { row -> [SessionLine] in
      let runs = sessions.unfolded.contains(row.name) ? row.runs : []
      return [.session(row)] + runs.map { .run($0, session: row.name) }
    }
  }

  var sessionLine: SessionLine? {
    let lines = sessionLines, place = cursor(.sessionList)
    return lines.indices.contains(place) ? lines[place] : nil
  }

  /// The run under the cursor.
  var chosenRun: RunRow? {
    if case .run(let row, _)? = sessionLine { row } else { nil }
  }

  mutating func list(_ rows: [SessionRow]) -> [Effect] {
    sessions.rows = rows
    if !sessions.isKnown, let sessionName {
      sessions.unfolded.insert(sessionName)
      cursors[.sessionList] = rows.firstIndex { $0.name == sessionName } ?? 0
    }
    sessions.isKnown = true
    return choose()
  }

  /// The engine has opened another session.
  mutating func take(session name: String, _ recipe: Recipe) -> [Effect] {
    sessionName = name
    self.recipe = recipe
    opening = recipe
    fields = catalog.fields(recipe)
    sessions.unfolded.insert(name)
    if replay == nil { run = RunState() }
    compare = CompareState()
    say("session \(name) is open; R on 3 Train trains it")
    return open()
  }

  mutating func openSession() -> [Effect] {
    guard case .session(let row)? = sessionLine else { return said("o opens a session's line") }
    guard !isTraining else { return said("a run is training; S ends it first") }
    return [.engine(.sessions(.open(row.folder)))]
  }

  mutating func replayRun() -> [Effect] {
    wanted = .play
    return openRun()
  }

  /// `Enter`: folds a session's runs in or out, or shows a run.
  mutating func openSessionLine() -> [Effect] {
    guard case .session(let row)? = sessionLine else { return openRun() }
    if let problem = row.problem { return said(problem) }
    if sessions.unfolded.remove(row.name) == nil { sessions.unfolded.insert(row.name) }
    return []
  }

  private mutating func openRun() -> [Effect] {
    guard let row = chosenRun else {
      wanted = nil
      return said("enter unfolds a session; then choose one of its runs")
    }
    guard row.summary.state != "absent" else {
      wanted = nil
      return said("\(row.summary.name) has not been trained yet")
    }
    if wanted != nil { screen = .train }
    leftEarly = nil
    if wanted == nil, row.summary.state == "training" { return attach(row) }
    return [.engine(.sessions(.record(row.folder)))]
  }

  mutating func resumeRun() -> [Effect] {
    guard let row = chosenRun else { return said("r goes on with the run under the cursor") }
    guard row.summary.state != "done" else { return said("\(row.summary.name) is done") }
    if row.summary.state == "training" { return attach(row) }
    guard !isTraining else { return said("a run is training; S ends it first") }
    return goOn(with: row.summary.name, row.folder)
  }

  /// From its last checkpoint; a replay is over then.
  mutating func goOn(with run: String, _ folder: URL) -> [Effect] {
    let left = endReplay()
    guard !isTraining else { return left + said("a run is training; S ends it first") }
    isStarting = true
    screen = .train
    say("going on with \(run)")
    return left + [.engine(.sessions(.resume(folder)))]
  }

  mutating func askDelete() -> [Effect] {
    guard let row = chosenRun else { return said("x deletes the run under the cursor") }
    guard row.summary.state != "absent" else { return said("\(row.summary.name) has no files") }
    let isOn = row.summary.name == (replay?.live ?? run).run && isTraining
    guard !isOn else { return said("\(row.summary.name) is training; S ends it first") }
    overlay = .menu(
      Menu(
        title: "delete \(row.summary.name)?",
        choices: [
          .init(
            key: "y", title: "delete its log, checkpoints and predictions",
            effects: [.engine(.sessions(.delete(row.folder)))]),
          .init(key: "s", title: "keep them", effects: []),
        ], cursor: 1))
    return []
  }
}
