import Canvas
import Lab

/// 3 Train: the run that trains, as curves, step by step, or as distances between clips.
enum TrainScreen: ScreenModel {
  static let id = Screen.train
  static let summary = "the run that trains"

  static let panes = curves + around + step + distances

  private static let curves = [
    PaneModel(
      .loss, lines: { lossNames($0).count }, open: pinOrEnlarge,
      wheel: { zoom(&$0, by: $1 < 0 ? 2 : 0.5) },
      view: { CurvePane(bench: $0, kind: .loss) }),
    PaneModel(
      .metric, lines: { metricChoices($0).count }, open: pinOrEnlarge,
      wheel: { zoom(&$0, by: $1 < 0 ? 2 : 0.5) },
      view: { CurvePane(bench: $0, kind: .metric) }),
    PaneModel(
      .terms, lines: { $0.run.terms.count }, view: TermTable.init),
    PaneModel(.scores, lines: { _ in 1 }, view: ScoreBoard.init),
    PaneModel(
      .classScores, lines: { latestEvaluation($0)?.perClass.count ?? 0 },
      open: openClassScore, view: ClassScoreList.init),
    PaneModel(.log, lines: { shownLog($0).count }, view: LogPane.init),
  ]

  /// Those that large screens add to the curves.
  private static let around = [
    PaneModel(.teacherGap, view: TeacherGapPane.init),
    PaneModel(.followed, view: FollowedPane.init),
    PaneModel(.gradients, view: GradientPane.init),
    PaneModel(.machine, view: MachinePane.init),
  ]

  private static let step = [
    PaneModel(.story, view: StoryPane.init),
    PaneModel(.formula, lines: { _ in 1 }, view: FormulaPane.init),
    PaneModel(.phases, lines: { _ in 1 }, view: PhasePane.init),
    PaneModel(
      .watched, lines: { WatchedRow.all($0).count }, view: WatchedPane.init),
    PaneModel(
      .batch, lines: { $0.run.walk.last?.clips.count ?? 0 },
      view: BatchPane.init),
  ]

  /// Matrices have one clip under the cursor between them.
  private static let distances = [
    PaneModel(
      .ownDistances, lines: { shownDistances($0)?.clips.count ?? 0 },
      view: { DistanceMap(bench: $0, kind: .own) }),
    PaneModel(
      .theirDistances, lines: { shownDistances($0)?.clips.count ?? 0 }, cursor: .ownDistances,
      view: { DistanceMap(bench: $0, kind: .theirs) }),
    PaneModel(
      .distanceGap, lines: { shownDistances($0)?.clips.count ?? 0 }, cursor: .ownDistances,
      view: { DistanceMap(bench: $0, kind: .gap) }),
    PaneModel(
      .agreement, lines: { comparedExtractors($0).count },
      view: AgreementPane.init),
  ]

  static let actions = [
    Action(
      .phase, "phase", "train one phase: batch, forward, losses, backward, update", .of("P")
    ) { $0.control(.phase) },
    Action(.logY, "log y", "logarithmic or linear y axis", .of("Y")) {
      $0[.train].logY.toggle()
      return []
    },
    Action(
      .xAxis, "x axis", "x axis: steps, epochs, seconds, labels seen, log steps", .of("X"),
      as: .xAxis
    ) {
      $0[.train].xAxis = $0[.train].xAxis.next
      return []
    },
    Action(.smoothing, "smooth", "smoothing of the curves: 0, .3, .6, .9, .97", .of("~")) {
      $0[.train].smoothing = $0[.train].nextSmoothing
      return []
    },
    Action(
      .inspect, "inspect", "read values at a cursor (h l move it, enter pins)", .of("i"),
      as: .inspect
    ) {
      $0[.train].inspect = $0[.train].inspect == nil ? PlotAxis($0).newest : nil
      return []
    },
    Action(.zoomIn, "zoom", "zoom in on the x axis around the cursor", .of("z")) {
      zoom(&$0, by: 2)
    },
    Action(.zoomOut, "zoom out", "zoom out on the x axis", .of("Z")) {
      zoom(&$0, by: 0.5)
    },
    Action(.zoomAll, "zoom reset", "show the whole x axis", .of("="), zoomAll),
    Action(.warnings, "warnings", "log: warnings only, or everything", .of("!")) {
      $0[.train].warningsOnly.toggle()
      return []
    },
    Action(
      .distances, "view", "curves, or distances between clips: the model's, its features'",
      .of("v"), as: .view, flipDistances),
  ]

  // MARK: layout

  static func panes(in bench: Workbench) -> [PaneModel] {
    switch trainView(bench) {
    case .curves: curves + around
    case .step: step
    case .distances: distances
    }
  }

  static func primary(in bench: Workbench) -> Pane {
    switch trainView(bench) {
    case .curves: .loss
    case .step: .story
    case .distances: .agreement
    }
  }

  static func layout(of bench: Workbench, in body: Rect) -> [Tile] {
    switch trainView(bench) {
    case .curves: curves(bench, body)
    case .step: step(body)
    case .distances: distances(body)
    }
  }

  private static func curves(_ bench: Workbench, _ body: Rect) -> [Tile] {
    if body.width < 100 { return narrow(body) }
    if body.width >= 190, body.height >= 48 { return large(bench, body) }
    if body.width >= 160 { return wide(body) }
    let rows = body.rows(.share(1), .fixed(body.height >= 30 ? 10 : 8))
    let columns = rows[0].columns(.share(1), .fixed(44))
    let left = columns[0].rows(.share(1), .share(1))
    let low = rows[1].columns(.fixed(40), .fixed(34), .share(1))
    return [
      (.loss, left[0]), (.metric, left[1]), (.terms, low[0]), (.scores, low[1]),
      (.classScores, columns[1]), (.log, low[2]),
    ]
  }

  /// Two curves and, under them, what they are made of; at the right the classes and a long log.
  private static func wide(_ body: Rect) -> [Tile] {
    let columns = body.columns(.share(1), .fixed(body.width < 190 ? 70 : 88))
    let left = columns[0].rows(.share(1), .share(1), .fixed(body.height >= 40 ? 14 : 9))
    let low = left[2].columns(.share(1), .fixed(40))
    let right = columns[1].rows(.share(1), .share(1))
    return [
      (.loss, left[0]), (.metric, left[1]), (.terms, low[0]), (.scores, low[1]),
      (.classScores, right[0]), (.log, right[1]),
    ]
  }

  /// Everything at once: beside the curves the classes, teacher against student, watched clips or
  /// gradients, and the machine; below, the loss terms with their history and a log.
  private static func large(_ bench: Workbench, _ body: Rect) -> [Tile] {
    let hasTeacher = bench.run.series[TeacherGapPane.series] != nil
    let right: Pane = bench[.clips].watched.isEmpty ? .gradients : .followed
    let rows = body.rows(.share(1), .fixed(max(9, 6 + 3 * max(1, bench.run.terms.count))))
    let top = rows[0].columns(.share(1), .fixed(44), .fixed(44))
    let curves = top[0].rows(.share(1), .share(1))
    let classes = min(top[1].height - 12, max(8, comparedScores(bench) + 3))
    let middle = top[1].rows(.fixed(classes), .share(1))
    let side = top[2].rows(.fixed(18), .share(1))
    let low = rows[1].columns(.share(1), .fixed(hasTeacher ? 30 : 0), .fixed(hasTeacher ? 80 : 88))
    return [
      (.loss, curves[0]), (.metric, curves[1]), (.classScores, middle[0]),
      (hasTeacher ? .teacherGap : .scores, middle[1]), (right, side[0]), (.machine, side[1]),
      (.terms, low[0]), (.scores, low[1]), (.log, low[2]),
    ].filter { !$0.1.isEmpty }
  }

  private static func comparedScores(_ bench: Workbench) -> Int {
    classEvaluation(bench)?.perClass.count ?? bench.dataset?.classes.count ?? 0
  }

  private static func narrow(_ body: Rect) -> [Tile] {
    let columns = body.columns(.share(1), .fixed(body.width < 76 ? 24 : 28))
    let left = columns[0].rows(.share(1), .share(1), .fixed(body.height >= 20 ? 4 : 0))
    let right = columns[1].rows(.share(1), .fixed(body.height >= 20 ? 9 : 7))
    return [
      (.loss, left[0]), (.metric, left[1]), (.scores, right[1]), (.classScores, right[0]),
      (.log, left[2]),
    ]
  }

  /// The panes of a step, in place of the curves.
  private static func step(_ body: Rect) -> [Tile] {
    if body.width < 100 {
      let rows = body.rows(.share(1), .share(1))
      let top = rows[0].columns(.share(1), .fixed(35))
      let low = rows[1].columns(.share(1), .fixed(24))
      return [(.formula, top[0]), (.phases, top[1]), (.watched, low[0]), (.batch, low[1])]
    }
    let rows = body.rows(.share(1), .fixed(min(14, body.height / 3)))
    guard body.width >= 160 else {
      let top = rows[0].columns(.share(1), .fixed(46))
      let right = top[1].rows(.share(1), .share(1))
      return [(.story, top[0]), (.batch, right[0]), (.formula, right[1]), (.watched, rows[1])]
    }
    let top = rows[0].columns(.share(1), .fixed(64), .fixed(56))
    let right = top[2].rows(.share(1), .fixed(14))
    return [
      (.story, top[0]), (.phases, top[1]), (.batch, right[0]), (.formula, right[1]),
      (.watched, rows[1]),
    ]
  }

  /// Matrices side by side, agreement below; the difference if there is room for three.
  private static func distances(_ body: Rect) -> [Tile] {
    let foot: Length = body.height < 26 ? .fixed(6) : .share(1)
    let rows = body.rows(.share(2), foot)
    let gap: Length = body.width < 160 ? .fixed(0) : .share(1)
    let top = rows[0].columns(.share(1), .share(1), gap)
    return [
      (.ownDistances, top[0]), (.theirDistances, top[1]), (.distanceGap, top[2]),
      (.agreement, rows[1]),
    ]
  }

  static func strip(_ bench: Workbench) -> (any Widget)? {
    ProgressStrip(bench: bench)
  }

  static func drawOver(_ bench: Workbench, on grid: inout Grid) {
    guard bench.run.fault != nil, !bench.isFaultSeen else { return }
    FaultBox(bench: bench).draw(over: grid.bounds, on: &grid)
  }

  // MARK: keys

  /// Actions that only some runs offer come early.
  static func hints(_ bench: Workbench) -> [Action.ID] {
    if bench.replay != nil { return Replay.hints }
    if bench.showsOtherLog || bench.watchesOnly { return OtherLogCurves.hints }
    switch trainView(bench) {
    case .step:
      return [
        .step, .stepBack, .phase, .pause, .epoch, .nextPane, .fullScreen, .back, .checkpoint, .stop,
      ]
    case .distances:
      return [
        .distances, .down, .nextPane, .fullScreen, .pause, .epoch, .back, .checkpoint, .stop,
      ]
    case .curves: break
    }
    var early: [Action.ID] = bench.run.distances.isEmpty ? [] : [.distances]
    if bench.run.lifecycle.state == .paused { early += [.phase, .stepBack] }
    let own: [Action.ID] =
      bench.isTraining
      ? [
        .logY, .smoothing, .fullScreen, .checkpoint, .stop, .phase, .xAxis, .inspect, .zoomIn,
        .epoch, .nextPane, .warnings, .distances,
      ]
      : [
        .phase, .logY, .smoothing, .xAxis, .inspect, .zoomIn, .fullScreen, .nextPane, .warnings,
        .distances,
      ]
    return bench.offered(own, early: early, behind: bench.isTraining ? 2 : 1)
  }

  static func moveAcross(_ step: Int, _ bench: inout Workbench) -> [Effect] {
    if let place = bench[.train].inspect {
      moveInspect(&bench, from: place, by: step)
    } else if bench.replay != nil {
      Replay.seek(&bench, by: step)
    } else {
      bench.say("press i for the inspect cursor, then h and l to move it")
    }
    return []
  }

  /// The sessions tell how long runs take, and which run is the reference.
  static func arrive(_ bench: inout Workbench) -> [Effect] {
    bench.sessions == nil ? [.engine(.sessions(.list))] : []
  }

  static func hear(_ news: News, _ bench: inout Workbench) -> [Effect] {
    switch news {
    case .run(let isNew):
      (bench[.train].inspect, bench[.train].pins) = (nil, [])
      if !isNew { bench[.train].showsStep = false }
    case .stepping where bench.screen == id: bench[.train].showsStep = true
    default: break
    }
    return []
  }

  static func touch(_ mouse: Mouse, _ bench: inout Workbench) -> Bool { touchPlot(&bench, mouse) }

  static func leave(_ bench: inout Workbench) -> [Effect]? {
    if bench[.train].inspect != nil {
      bench[.train].inspect = nil
    } else if trainView(bench) != .curves {
      (bench[.train].showsStep, bench[.train].showsDistances) = (false, false)
    } else if bench.run.fault != nil, !bench.isFaultSeen {
      bench.isFaultSeen = true
    } else {
      return bench.replay == nil ? nil : Replay.end(&bench)
    }
    return []
  }
}

extension Screen {
  public static let train = Screen("Train")
}

extension Pane {
  static let loss = Pane("loss"), metric = Pane("metric"), terms = Pane("terms")
  static let scores = Pane("scores"), classScores = Pane("classScores"), log = Pane("log")
  static let story = Pane("story"), formula = Pane("formula"), phases = Pane("phases")
  static let watched = Pane("watched"), batch = Pane("batch")
  static let teacherGap = Pane("teacherGap"), followed = Pane("followed")
  static let gradients = Pane("gradients"), machine = Pane("machine")
  static let ownDistances = Pane("ownDistances"), theirDistances = Pane("theirDistances")
  static let distanceGap = Pane("distanceGap"), agreement = Pane("agreement")
}

extension Action.ID {
  public static let showTrain = Screen.train.action
  public static let logY = Self("logY"), xAxis = Self("xAxis"), smoothing = Self("smoothing")
  public static let inspect = Self("inspect"), warnings = Self("warnings")
  public static let zoomIn = Self("zoomIn"), zoomOut = Self("zoomOut"), zoomAll = Self("zoomAll")
  public static let distances = Self("distances")
}
