import Canvas
import Lab

/// 3 Train: the run that trains, as curves, step by step, or as distances between clips.
enum TrainScreen: ScreenModel {
  static let id = Screen.train
  static let summary = "the run that trains"

  static let panes = curves + step + distances

  private static let curves = [
    PaneModel(
      .loss, lines: { $0.lossNames.count }, open: { $0.pinOrEnlarge() },
      wheel: { $0.zoom(by: $1 < 0 ? 2 : 0.5) },
      view: { CurvePane(bench: $0, glyphs: $1, kind: .loss) }),
    PaneModel(
      .metric, lines: { $0.metricChoices.count }, open: { $0.pinOrEnlarge() },
      wheel: { $0.zoom(by: $1 < 0 ? 2 : 0.5) },
      view: { CurvePane(bench: $0, glyphs: $1, kind: .metric) }),
    PaneModel(
      .terms, lines: { $0.run.terms.count }, view: { TermTable(bench: $0, glyphs: $1) }),
    PaneModel(.scores, lines: { _ in 1 }, view: { ScoreBoard(bench: $0, glyphs: $1) }),
    PaneModel(
      .classScores, lines: { $0.latestEvaluation?.perClass.count ?? 0 },
      open: { $0.openClassScore() }, view: { ClassScoreList(bench: $0, glyphs: $1) }),
    PaneModel(.log, lines: { $0.shownLog.count }, view: { LogPane(bench: $0, glyphs: $1) }),
  ]

  private static let step = [
    PaneModel(.formula, lines: { _ in 1 }, view: { FormulaPane(bench: $0, glyphs: $1) }),
    PaneModel(.phases, lines: { _ in 1 }, view: { PhasePane(bench: $0, glyphs: $1) }),
    PaneModel(
      .watched, lines: { $0.watchedRows.count }, view: { WatchedPane(bench: $0, glyphs: $1) }),
    PaneModel(
      .batch, lines: { $0.run.walk.last?.clips.count ?? 0 },
      view: { BatchPane(bench: $0, glyphs: $1) }),
  ]

  /// Matrices have one clip under the cursor between them.
  private static let distances = [
    PaneModel(
      .ownDistances, lines: { $0.shownDistances?.clips.count ?? 0 },
      view: { DistanceMap(bench: $0, glyphs: $1, kind: .own) }),
    PaneModel(
      .theirDistances, lines: { $0.shownDistances?.clips.count ?? 0 }, cursor: .ownDistances,
      view: { DistanceMap(bench: $0, glyphs: $1, kind: .theirs) }),
    PaneModel(
      .distanceGap, lines: { $0.shownDistances?.clips.count ?? 0 }, cursor: .ownDistances,
      view: { DistanceMap(bench: $0, glyphs: $1, kind: .gap) }),
    PaneModel(
      .agreement, lines: { $0.comparedExtractors.count },
      view: { AgreementPane(bench: $0, glyphs: $1) }),
  ]

  static let actions = [
    Action(
      .phase, "phase", "a phase of a batch: batch, forward, losses, backward, update", .of("P")
    ) { $0.control(.phase) },
    Action(.logY, "log y", "logarithmic or linear y axis", .of("y")) {
      $0.train.logY.toggle()
      return []
    },
    Action(.xAxis, "x axis", "x axis: steps, epochs, seconds, labels seen, log steps", .of("x")) {
      $0.train.xAxis = $0.train.xAxis.next
      return []
    },
    Action(.smoothing, "smooth", "smoothing 0, .3, .6, .9, .97", .of("s")) {
      $0.train.smoothing = $0.train.nextSmoothing
      return []
    },
    Action(
      .inspect, "inspect", "read values at a cursor (h l move it, enter pins)", .of("i")
    ) {
      $0.train.inspect = $0.train.inspect == nil ? PlotAxis($0).newest : nil
      return []
    },
    Action(.zoomIn, "zoom", "enlarge the x axis around the cursor", .of("z")) { $0.zoom(by: 2) },
    Action(.zoomOut, "zoom out", "see twice as much of the x axis", .of("Z")) { $0.zoom(by: 0.5) },
    Action(.zoomAll, "zoom reset", "see the whole x axis", .of("=")) { $0.zoomAll() },
    Action(.warnings, "warnings", "log: warnings only, or all", .of("!")) {
      $0.train.warningsOnly.toggle()
      return []
    },
    Action(
      .distances, "distances", "distances between clips: the model's, and its features'", .of("d")
    ) { $0.flipDistances() },
  ]

  // MARK: layout

  static func panes(in bench: Workbench) -> [PaneModel] {
    switch bench.trainView {
    case .curves: curves
    case .step: step
    case .distances: distances
    }
  }

  static func primary(in bench: Workbench) -> Pane {
    switch bench.trainView {
    case .curves: .loss
    case .step: .formula
    case .distances: .agreement
    }
  }

  static func layout(of bench: Workbench, in body: Rect) -> [Tile] {
    switch bench.trainView {
    case .curves: curves(body)
    case .step: step(body)
    case .distances: distances(body)
    }
  }

  private static func curves(_ body: Rect) -> [Tile] {
    if body.width < 100 {
      let rows = body.rows(.share(11), .share(10))
      let top = rows[0].columns(.share(1), .share(1))
      let hasLog = body.height >= 20
      let low = rows[1].columns(.share(29), .share(27), hasLog ? .fixed(24) : .fixed(0))
      return [
        (.loss, top[0]), (.metric, top[1]), (.scores, low[0]), (.classScores, low[1]),
        (.log, low[2]),
      ]
    }
    let columns = body.columns(.share(2), .fixed(body.width < 160 ? 38 : 56))
    let rows = columns[0].rows(.share(1), .fixed(9), .fixed(body.height >= 30 ? 8 : 0))
    let top = rows[0].columns(.share(1), .share(1))
    let middle = rows[1].columns(.share(1), .share(1))
    return [
      (.loss, top[0]), (.metric, top[1]), (.terms, middle[0]), (.scores, middle[1]),
      (.classScores, columns[1]), (.log, rows[2]),
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
    let rows = body.rows(.share(5), .share(5), .share(4))
    let top = rows[0].columns(.share(1), .share(1))
    return [(.formula, top[0]), (.phases, top[1]), (.watched, rows[1]), (.batch, rows[2])]
  }

  /// Matrices side by side, what they come to below; the difference where there is room for three.
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

  static func strip(_ bench: Workbench, _ glyphs: GlyphSet) -> (any Widget)? {
    ProgressStrip(bench: bench, glyphs: glyphs)
  }

  static func drawOver(_ bench: Workbench, _ glyphs: GlyphSet, on grid: inout Grid) {
    guard bench.run.fault != nil, !bench.train.faultSeen else { return }
    FaultBox(bench: bench, glyphs: glyphs).draw(over: grid.bounds, on: &grid)
  }

  // MARK: keys

  /// What only some runs have is offered early where it is.
  static func hints(_ bench: Workbench) -> [Action.ID] {
    if bench.replay != nil { return Replay.hints }
    switch bench.trainView {
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
    if let place = bench.train.inspect {
      bench.moveInspect(from: place, by: step)
    } else if bench.replay != nil {
      bench.seek(by: step)
    } else {
      bench.say("i shows the inspect cursor; then h and l move it")
    }
    return []
  }

  static func touch(_ mouse: Mouse, _ bench: inout Workbench) -> Bool { bench.touchPlot(mouse) }

  static func leave(_ bench: inout Workbench) -> [Effect]? {
    if bench.train.inspect != nil {
      bench.train.inspect = nil
    } else if bench.trainView != .curves {
      (bench.train.showsStep, bench.train.showsDistances) = (false, false)
    } else if bench.run.fault != nil, !bench.train.faultSeen {
      bench.train.faultSeen = true
    } else {
      return bench.replay == nil ? nil : bench.endReplay()
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
  static let formula = Pane("formula"), phases = Pane("phases")
  static let watched = Pane("watched"), batch = Pane("batch")
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
