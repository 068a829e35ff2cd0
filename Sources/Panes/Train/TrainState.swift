import Canvas
import Lab

/// What the Train screen shows below its strip.
enum TrainView: Sendable, Equatable {
  case curves
  /// A run walked through step by step.
  case step
  /// How far apart clips lie, by the model and by what it learns from.
  case distances
}

/// What is chosen on 3 Train.
struct TrainState: ScreenState {
  enum XAxis: String, Sendable, CaseIterable {
    case step, epoch
    case time = "s"
    case labels, log
  }
  static let smoothings = [0, 0.3, 0.6, 0.9, 0.97]

  var logY = false
  var xAxis = XAxis.step
  var smoothing = 0.6
  /// Where the inspect cursor stands, as a share of the x axis.
  var inspect: Double?
  /// Places that were pinned, as such shares too.
  var pins: [Double] = []
  static let mostPins = 3
  /// How many times larger than whole the x axis is drawn.
  var zoom = 1.0
  static let largestZoom = 256.0
  var warningsOnly = false
  /// Whether the panes of a step stand in place of the curves while a run is stepped.
  var showsStep = false
  /// Whether the matrices of distances do, as long as no step does.
  var showsDistances = false
  var grip: PlotGrip?

  var nextSmoothing: Double { Self.smoothings.next(after: smoothing) }
}

extension StateKey<TrainState> {
  static var train: Self { Self() }
}

/// Which curves there are, and how they are shown.
extension TrainScreen {
  /// Whether the panes of a step stand in place of the curves.
  static func showsStep(_ bench: Workbench) -> Bool {
    bench.screen == .train && bench[.train].showsStep && bench.isStepping && bench.isTraining
  }

  /// `.curves` on other screens than Train.
  static func trainView(_ bench: Workbench) -> TrainView {
    showsStep(bench)
      ? .step : bench.screen == .train && bench[.train].showsDistances ? .distances : .curves
  }

  /// The newest evaluation of the method's result on the validation split, at the end on the test
  /// split; the other network where the result has no score yet.
  static func latestEvaluation(_ bench: Workbench) -> EvalEnd? {
    latestEvaluation(bench, of: ResultNetwork.of(bench.run.started?.method ?? ""))
  }

  private static func latestEvaluation(_ bench: Workbench, of network: String) -> EvalEnd? {
    let splits = bench.run.ended == nil ? ["validation", "test"] : ["test", "validation"]
    return splits.lazy.compactMap {
      bench.run.evaluations["\($0)/\(network)"]
        ?? bench.run.evaluations["\($0)/\(ResultNetwork.other(than: network))"]
    }.first
  }

  /// The same for scores by class; of the other network if the log has none of the result.
  static func classEvaluation(_ bench: Workbench) -> EvalEnd? {
    guard let found = latestEvaluation(bench), found.perClass.isEmpty else {
      return latestEvaluation(bench)
    }
    let other = ResultNetwork.other(than: found.model)
    return bench.run.evaluations["\(found.split)/\(other)"] ?? found
  }

  /// The epoch that an evaluation closed.
  static func epoch(_ bench: Workbench, of evaluation: EvalEnd) -> Int {
    bench.run.evaluationEpochs["\(evaluation.split)/\(evaluation.model)"] ?? bench.run.epoch
  }

  /// The class with the lowest F1 first; classes without a score last.
  static func worstClasses(_ evaluation: EvalEnd) -> [ClassScore] {
    evaluation.perClass.enumerated().sorted {
      (($0.element.f1 ?? 2), $0.offset) < (($1.element.f1 ?? 2), $1.offset)
    }.map(\.element)
  }

  /// Newest first.
  static func shownLog(_ bench: Workbench) -> [(t: UInt64, line: LogLine)] {
    bench.run.log.reversed().filter { !bench[.train].warningsOnly || $0.line.level != .info }
  }

  /// The inspect cursor, a little to one side: fine where the plot is enlarged.
  static func moveInspect(_ bench: inout Workbench, from place: Double, by step: Int) {
    bench[.train].inspect = min(1, max(0, place + Double(step) / 64 / bench[.train].zoom))
  }

  static func zoom(_ bench: inout Workbench, by factor: Double) -> [Effect] {
    let wanted = bench[.train].zoom * factor
    if wanted < 1, bench[.train].zoom == 1 {
      return bench.said("the whole x axis is shown; press z to zoom in")
    }
    if wanted > TrainState.largestZoom {
      return bench.said("maximum zoom")
    }
    bench[.train].zoom = max(1, wanted)
    return []
  }

  static func zoomAll(_ bench: inout Workbench) -> [Effect] {
    if bench[.train].zoom == 1 { return zoom(&bench, by: 0.5) }
    bench[.train].zoom = 1
    return []
  }

  /// `Enter` on a plot.
  static func pinOrEnlarge(_ bench: inout Workbench) -> [Effect] {
    if let place = bench[.train].inspect { pin(&bench, place) } else { bench.isFull.toggle() }
    return []
  }

  /// Pins the place of the inspect cursor, or removes the pin there.
  private static func pin(_ bench: inout Workbench, _ place: Double) {
    let near = 0.5 / 64 / bench[.train].zoom
    if let known = bench[.train].pins.firstIndex(where: { abs($0 - place) < near }) {
      bench[.train].pins.remove(at: known)
    } else {
      bench[.train].pins = bench[.train].pins.suffix(TrainState.mostPins - 1) + [place]
    }
  }

  static func openClassScore(_ bench: inout Workbench) -> [Effect] {
    guard let dataset = bench.dataset, let evaluation = classEvaluation(bench) else {
      return bench.noDataset()
    }
    let names = worstClasses(evaluation).map(\.name)
    guard let name = names[at: bench.cursor(.classScores)],
      let c = dataset.classes.firstIndex(of: name)
    else { return bench.noDataset() }
    return DataScreen.openClass(&bench, [c], 0)
  }

  // MARK: distances

  /// Extractors there are distances of, by name.
  static func comparedExtractors(_ bench: Workbench) -> [String] {
    bench.run.distances.keys.sorted()
  }

  /// The newest distances of the extractor under the cursor.
  static func shownDistances(_ bench: Workbench) -> Distances? {
    let ids = comparedExtractors(bench)
    let place = min(max(0, bench.cursors[.agreement] ?? 0), max(0, ids.count - 1))
    let found = ids[at: place].flatMap { bench.run.distances[$0] }
    return found?.size == nil ? nil : found
  }

  static func flipDistances(_ bench: inout Workbench) -> [Effect] {
    bench.isFull = false
    bench[.train].showsDistances = trainView(bench) != .distances
    bench[.train].showsStep = false
    return []
  }

  /// Why there is nothing to show, and what would change that.
  static func noDistances(_ bench: Workbench) -> [String] {
    let learns = ["con-reg", "dis-reg"].contains(bench.run.started?.method ?? "")
    if bench.run.started != nil, learns {
      return ["They are compared after each epoch: none is over yet."]
    }
    let now = bench.run.started.map { "\($0.method) learns from labels alone." }
    return [now ?? "No run yet."] + [
      "Con-Reg and Dis-Reg draw the model's embedding to the features of a pre-trained network:",
      "2 Method, con-reg or dis-reg, then R. After each epoch both are compared here.",
    ]
  }
}

/// The mouse on the curves of 3 Train: what the left button is drawn over is enlarged, the right
/// one inspects.
extension TrainScreen {
  /// True where the mouse was about a plot's curves.
  static func touchPlot(_ bench: inout Workbench, _ mouse: Mouse) -> Bool {
    switch (mouse.button, mouse.action) {
    case (.left, .press):
      bench[.train].grip = curves(bench, under: mouse)
      if let grip = bench[.train].grip { bench.focus[bench.screen] = grip.pane }
      return bench[.train].grip != nil
    case (.left, .release):
      guard let start = bench[.train].grip else { return false }
      bench[.train].grip = nil
      if let end = curves(bench, under: mouse), abs(mouse.x - start.x) > 1 {
        enlarge(&bench, start, end)
      }
      return true
    case (.right, _):
      guard let place = curves(bench, under: mouse) else { return false }
      bench.focus[bench.screen] = place.pane
      bench[.train].inspect = place.share
      return true
    default: return false
    }
  }

  /// The plots share their x axis, so a drag may end in another one.
  private static func enlarge(_ bench: inout Workbench, _ start: PlotGrip, _ end: PlotGrip) {
    let width = abs(end.share - start.share)
    bench[.train].zoom = min(TrainState.largestZoom, max(1, 1 / max(width, 1e-9)))
    bench[.train].inspect = (start.share + end.share) / 2
  }

  private static func curves(_ bench: Workbench, under mouse: Mouse) -> PlotGrip? {
    let tiles = bench.arrangement
    guard tiles.kind != .line,
      let hit = tiles.panes.first(where: { $0.rect.contains(x: mouse.x, y: mouse.y) }),
      let plot = bench.view(of: hit.pane) as? CurvePane
    else { return nil }
    let rect = tiles.kind == .full ? hit.rect.inset() : hit.rect
    guard rect.contains(x: mouse.x, y: mouse.y) else { return nil }
    return plot.share(at: mouse.x, in: rect).map {
      PlotGrip(pane: hit.pane, x: mouse.x, share: $0)
    }
  }
}

/// A place on the x axis held by the mouse.
struct PlotGrip: Sendable, Equatable {
  var pane: Pane
  /// Column of the screen.
  var x: Int
  /// Of the whole axis.
  var share: Double
}
