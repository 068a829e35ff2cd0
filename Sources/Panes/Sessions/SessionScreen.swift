import Canvas
import Lab

/// 7 Sessions: sessions and their runs, and the way through a recorded run.
enum SessionScreen: ScreenModel {
  static let id = Screen.sessions
  static let summary = "sessions, their runs, time travel"

  static let panes = [
    PaneModel(
      .sessionList, lines: { sessionLines($0).count }, open: openSessionLine,
      orders: [
        .given, .name, ListOrder("c", "score"), ListOrder("t", "state"),
        ListOrder("w", "last written"), ListOrder("z", "size"),
      ],
      view: SessionList.init),
    PaneModel(
      .sessionDetail, moves: .sessionList, open: openSessionLine,
      view: SessionDetail.init),
    PaneModel(
      .timeline, moves: .sessionList,
      open: { $0.replay == nil ? openSessionLine(&$0) : ChangesOverlay.open(&$0) },
      view: Timeline.init),
  ]

  static let actions = runActions + makingActions + travelActions + [VerdictPage.action]

  private static let runActions = [
    Action(
      .openSession, "open session", "open the session under the cursor", .of("o"), as: .open,
      openSession),
    Action(.resumeRun, "resume", "continue training the run", .of("r"), resumeRun),
    Action(
      .replay, "replay", "play the run's log from its start", .of("p"), as: .play, replayRun),
    Action(
      .deleteRun, "delete…", "move the run's files to the trash (asks; u restores them)",
      .of("x"), as: .take, askDelete),
    Action(
      .restoreRun, "undo", "restore the run that was deleted last", .of("u"), as: .undo,
      restoreRun),
  ]

  private static let travelActions = [
    Action(
      .stepBack, "step back", "replay or held run: one step back; 5, goes back five", .of(","),
      on: [.train, .sessions]
    ) { $0.stepBack() },
    Action(
      .previousMark, "event back", "replay: to the previous event", .of("["),
      on: [.train, .sessions]
    ) { Replay.jump(&$0, -1) },
    Action(.nextMark, "event", "replay: to the next event", .of("]"), on: [.train, .sessions]) {
      Replay.jump(&$0, 1)
    },
    Action(
      .faster, "faster", "replay: four times as fast", .of("+"), on: [.train, .sessions],
      as: .more
    ) { Replay.changeSpeed(&$0, 1) },
    Action(
      .slower, "slower", "replay: a quarter as fast", .of("-"), on: [.train, .sessions],
      as: .less
    ) { Replay.changeSpeed(&$0, -1) },
    Action(
      .bookmark, "bookmark", "replay: mark this place", .of("B"), on: [.train, .sessions],
      Replay.addBookmark),
    Action(
      .changes, "changes", "replay: what changed since the previous event", .of("D"),
      on: [.train, .sessions], ChangesOverlay.open),
    Action(
      .goTo, "go to", "replay: to a step by its number; 120# goes there", .of("#"),
      on: [.train, .sessions], StepOverlay.open),
  ]

  static func layout(of bench: Workbench, in body: Rect) -> [Tile] {
    let rows = body.rows(.share(1), .fixed(body.height >= 20 ? 8 : body.height >= 14 ? 6 : 0))
    guard body.width >= 100 else {
      // Without a replay the time line has nothing to show.
      let below: Pane = bench.replay == nil ? .sessionDetail : .timeline
      return [(.sessionList, rows[0]), (below, rows[1])]
    }
    let columns = rows[0].columns(.share(1), .fixed(body.width < 160 ? 44 : 64))
    return [(.sessionList, columns[0]), (.sessionDetail, columns[1]), (.timeline, rows[1])]
  }

  static func hints(_ bench: Workbench) -> [Action.ID] {
    if bench.answering != nil { return [.open, .showClips, .replay] + Replay.hints }
    return bench.replay != nil
      ? Replay.hints
      : [
        .open, .resumeRun, .replay, .deleteRun, .filter, .openSession, .guide, .sort, .columns,
        .editSession, .newSession, .nextPane, .fullScreen,
      ]
  }

  static func moveAcross(_ step: Int, _ bench: inout Workbench) -> [Effect] {
    Replay.seek(&bench, by: step)
    return []
  }

  static func arrive(_ bench: inout Workbench) -> [Effect] { [.engine(.sessions(.list))] }

  static func hear(_ news: News, _ bench: inout Workbench) -> [Effect] {
    switch news {
    case .message(.sessions): list(&bench)
    case .message(.verdict(let verdict)): bench.overlay = VerdictPage.overlay(verdict)
    case .message(.made(let made)): take(made, &bench)
    case .message(.opened(let name, _)): bench[.sessions].unfolded.insert(name)
    default: break
    }
    return []
  }

  static func leave(_ bench: inout Workbench) -> [Effect]? {
    bench.replay == nil ? nil : Replay.end(&bench)
  }
}

extension Screen {
  public static let sessions = Screen("Sessions", short: "Sess")
}

extension Pane {
  static let sessionList = Pane("sessionList"), sessionDetail = Pane("sessionDetail")
  static let timeline = Pane("timeline")
}

extension Action.ID {
  public static let showSessions = Screen.sessions.action
  public static let openSession = Self("openSession"), replay = Self("replay")
  public static let newSession = Self("newSession"), editSession = Self("editSession")
  public static let restoreRun = Self("restoreRun")
  public static let resumeRun = Self("resumeRun"), deleteRun = Self("deleteRun")
  public static let stepBack = Self("stepBack"), previousMark = Self("previousMark")
  public static let nextMark = Self("nextMark"), faster = Self("faster"), slower = Self("slower")
  public static let bookmark = Self("bookmark"), changes = Self("changes"), goTo = Self("goTo")
}
