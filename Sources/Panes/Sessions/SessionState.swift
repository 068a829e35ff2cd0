import Foundation
import Lab

/// The list on 7 Sessions.
struct SessionState: ScreenState {
  /// Names of the sessions whose runs are listed below them.
  var unfolded: Set<String> = []
  /// Whether the open session was unfolded once, with the first list.
  var isListed = false
  /// The session that the cursor goes to when it is listed.
  var sought: String?
}

extension StateKey<SessionState> {
  static var sessions: Self { Self() }
}

/// A line of the list: a session, or one of its runs.
enum SessionLine: Sendable, Equatable {
  case session(SessionRow)
  case run(RunRow, session: String)
}

/// The list of sessions: opening, resuming, replaying, deleting.
extension SessionScreen {
  static func sessionLines(_ bench: Workbench) -> [SessionLine] {
    (bench.sessions ?? []).flatMap { row -> [SessionLine] in
      let runs = bench[.sessions].unfolded.contains(row.name) ? row.runs : []
      return [.session(row)] + runs.map { .run($0, session: row.name) }
    }
  }

  static func sessionLine(_ bench: Workbench) -> SessionLine? {
    sessionLines(bench)[at: bench.cursor(.sessionList)]
  }

  /// The run under the cursor.
  static func chosenRun(_ bench: Workbench) -> RunRow? {
    if case .run(let row, _)? = sessionLine(bench) { row } else { nil }
  }

  /// The first list shows the runs of the open session.
  static func list(_ bench: inout Workbench, _ rows: [SessionRow]) {
    if !bench[.sessions].isListed, let name = bench.sessionName {
      bench[.sessions].unfolded.insert(name)
      bench.cursors[.sessionList] = rows.firstIndex { $0.name == name } ?? 0
    }
    bench[.sessions].isListed = true
    seek(&bench)
  }

  static func openSession(_ bench: inout Workbench) -> [Effect] {
    guard case .session(let row)? = sessionLine(bench) else {
      return bench.said("o opens a session's line")
    }
    guard !bench.isTraining else { return bench.said("a run is training; S ends it first") }
    return [.engine(.sessions(.open(row.folder)))]
  }

  static func replayRun(_ bench: inout Workbench) -> [Effect] {
    bench.wanted = .play
    return openRun(&bench)
  }

  /// `Enter`: folds a session's runs in or out, or shows a run.
  static func openSessionLine(_ bench: inout Workbench) -> [Effect] {
    guard case .session(let row)? = sessionLine(bench) else { return openRun(&bench) }
    if let problem = row.problem { return bench.said(problem) }
    if bench[.sessions].unfolded.remove(row.name) == nil {
      bench[.sessions].unfolded.insert(row.name)
    }
    return []
  }

  private static func openRun(_ bench: inout Workbench) -> [Effect] {
    guard let row = chosenRun(bench) else {
      bench.wanted = nil
      return bench.said("enter unfolds a session; then choose one of its runs")
    }
    guard row.summary.state != "absent" else {
      bench.wanted = nil
      return bench.said("\(row.summary.name) has not been trained yet")
    }
    if bench.wanted != nil { bench.screen = .train }
    bench.leftEarly = nil
    if bench.wanted == nil, row.summary.state == "training" { return bench.attach(row) }
    return [.engine(.sessions(.record(row.folder)))]
  }

  static func resumeRun(_ bench: inout Workbench) -> [Effect] {
    guard let row = chosenRun(bench) else {
      return bench.said("r goes on with the run under the cursor")
    }
    guard row.summary.state != "done" else { return bench.said("\(row.summary.name) is done") }
    if row.summary.state == "training" { return bench.attach(row) }
    guard !bench.isTraining else { return bench.said("a run is training; S ends it first") }
    return Replay.goOn(&bench, with: row.summary.name, row.folder)
  }

  static func askDelete(_ bench: inout Workbench) -> [Effect] {
    guard let row = chosenRun(bench) else {
      return bench.said("x deletes the run under the cursor")
    }
    guard row.summary.state != "absent" else {
      return bench.said("\(row.summary.name) has no files")
    }
    let isOn = row.summary.name == (bench.replay?.live ?? bench.run).run && bench.isTraining
    guard !isOn else { return bench.said("\(row.summary.name) is training; S ends it first") }
    bench.overlay = Menu(
      title: "delete \(row.summary.name)?",
      choices: [
        .init(
          "y", "delete its log, checkpoints and predictions",
          .engine(.sessions(.delete(row.folder)))),
        .init("s", "keep them"),
      ], cursor: 1)
    return []
  }
}
