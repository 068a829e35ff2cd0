import Foundation
import Lab

/// The list on 7 Sessions.
struct SessionState: ScreenState {
  /// Names of the sessions whose runs are listed below them.
  var unfolded: Set<String> = []
  /// Whether the open session was unfolded once, with the first list.
  var isListed = false
  /// Folders of runs that were deleted, the last one at the end.
  var deleted: [URL] = []
  /// The session that the cursor goes to when it is listed.
  var sought: String?
}

extension StateKey<SessionState> {
  static var sessions: Self { Self() }
}

/// A line of the list: a session, one of its runs, or the heading of a group.
enum SessionLine: Sendable, Equatable {
  case session(SessionRow)
  case run(RunRow, session: String)
  case heading(SessionHeading)
}

/// The groups of sessions that have a heading.
enum SessionHeading: String, Sendable {
  case claims = "claims, each with its test"
  case lessons = "lessons, in their order"
}

/// The list of sessions: opening, resuming, replaying, deleting.
extension SessionScreen {
  /// Sessions, those that test a claim, then the lessons in their order. A filter unfolds the
  /// sessions of runs that pass it, and leaves out the rest.
  static func sessionLines(_ bench: Workbench) -> [SessionLine] {
    let order = SessionOrder(bench), filter = bench.filter(of: .sessionList)
    let all = order.sorted(bench.sessions ?? [])
    func lines(_ rows: [SessionRow]) -> [SessionLine] {
      rows.flatMap { Self.lines(of: $0, order, filter, bench) }
    }
    func group(_ heading: SessionHeading, _ rows: [SessionRow]) -> [SessionLine] {
      let lines = lines(rows)
      return lines.isEmpty ? [] : [.heading(heading)] + lines
    }
    let others = all.filter { !$0.isLesson }
    return lines(others.filter { $0.findings == nil })
      + group(.claims, others.filter { $0.findings != nil })
      + group(.lessons, order.lessons(all.filter(\.isLesson)))
  }

  private static func lines(
    of row: SessionRow, _ order: SessionOrder, _ filter: ListFilter, _ bench: Workbench
  ) -> [SessionLine] {
    var runs: [RunRow] = []
    if !filter.isEmpty {
      runs = row.runs.filter { filter.passes($0.filterTexts) }
      guard !runs.isEmpty || filter.passes([row.name, row.title]) else { return [] }
    } else if bench[.sessions].unfolded.contains(row.name) {
      runs = row.runs
    }
    return [.session(row)] + order.sorted(runs, row.columns).map { .run($0, session: row.name) }
  }

  /// The cursor of the list, if the number of its lines is known already.
  static func cursor(_ bench: Workbench, among count: Int) -> Int {
    min(max(0, bench.cursors[.sessionList] ?? 0), max(0, count - 1))
  }

  static func sessionLine(_ bench: Workbench) -> SessionLine? {
    let lines = sessionLines(bench)
    return lines[at: cursor(bench, among: lines.count)]
  }

  /// The session under the cursor, or that of the run there.
  static func chosenSession(_ bench: Workbench) -> SessionRow? {
    switch sessionLine(bench) {
    case .session(let row)?: row
    case .run(_, let name)?: bench.sessions?.first { $0.name == name }
    case .heading?, nil: nil
    }
  }

  /// The run under the cursor.
  static func chosenRun(_ bench: Workbench) -> RunRow? {
    if case .run(let row, _)? = sessionLine(bench) { row } else { nil }
  }

  /// The first list shows the runs of the open session.
  static func list(_ bench: inout Workbench) {
    if !bench[.sessions].isListed, let name = bench.sessionName {
      bench[.sessions].unfolded.insert(name)
      let place = sessionLines(bench).firstIndex { line in
        if case .session(let row) = line { row.name == name } else { false }
      }
      bench.cursors[.sessionList] = place ?? 0
    }
    bench[.sessions].isListed = true
    seek(&bench)
  }

  static func openSession(_ bench: inout Workbench) -> [Effect] {
    guard case .session(let row)? = sessionLine(bench) else {
      return bench.said("move to a session, then press o")
    }
    guard !row.isWatched else {
      return bench.said("logs of other programs; enter unfolds them, then enter follows one")
    }
    guard !bench.isTraining else { return bench.said("a run is active; press S to stop it first") }
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
    let isFollowed = row.summary.state == "training" || row.log != nil
    if bench.wanted == nil, isFollowed { return bench.attach(row) }
    return [.engine(.sessions(.record(row.folder)))]
  }

  static func resumeRun(_ bench: inout Workbench) -> [Effect] {
    guard let row = chosenRun(bench) else {
      return bench.said("r resumes the run under the cursor")
    }
    guard row.summary.state != "done" else { return bench.said("\(row.summary.name) is done") }
    if row.summary.state == "training" || row.log != nil { return bench.attach(row) }
    guard !bench.isTraining else { return bench.said("a run is active; press S to stop it first") }
    return Replay.goOn(&bench, with: row.summary.name, row.folder)
  }

  static func askDelete(_ bench: inout Workbench) -> [Effect] {
    guard let row = chosenRun(bench) else {
      return bench.said("x deletes the run under the cursor")
    }
    guard row.summary.state != "absent" else {
      return bench.said("\(row.summary.name) has no files")
    }
    if let log = row.log {
      return bench.said("\(log.title) of another program: scant does not delete it")
    }
    let isOn = row.summary.name == (bench.replay?.live ?? bench.run).run && bench.isTraining
    guard !isOn else {
      return bench.said("\(row.summary.name) is training; press S to stop it first")
    }
    bench.overlay = Menu(
      title: "delete \(row.summary.name)?",
      choices: [
        .init("y", "move its log, checkpoints and predictions to the trash (u restores)") {
          $0[.sessions].deleted.append(row.folder)
          return [.engine(.sessions(.delete(row.folder)))]
        },
        .init("s", "keep the run"),
      ], cursor: 1)
    return []
  }

  /// The run that was deleted last comes back.
  static func restoreRun(_ bench: inout Workbench) -> [Effect] {
    guard let folder = bench[.sessions].deleted.popLast() else {
      return bench.said("no run was deleted since the program started")
    }
    return [.engine(.sessions(.restore(folder)))]
  }
}
