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
  /// Whether the fault box was put aside.
  var faultSeen = false
  /// Whether the panes of a step stand in place of the curves while a run is stepped.
  var showsStep = false
  /// Whether the matrices of distances do, as long as no step does.
  var showsDistances = false
  var grip: PlotGrip?

  var nextSmoothing: Double {
    let all = Self.smoothings
    return all[((all.firstIndex(of: smoothing) ?? 0) + 1) % all.count]
  }
}

/// Which curves there are, and how they are shown.
extension Workbench {
  var train: TrainState {
    get { states[TrainState.self] }
    _modify { yield &states[TrainState.self] }
  }

  /// Whether the panes of a step stand in place of the curves.
  var showsStep: Bool { screen == .train && train.showsStep && isStepping && isTraining }

  /// `.curves` on other screens than Train.
  var trainView: TrainView {
    showsStep ? .step : screen == .train && train.showsDistances ? .distances : .curves
  }

  /// Loss curves, the total first.
  var lossNames: [String] {
    let names = run.series.keys.filter { $0.hasPrefix("loss/") }.sorted()
    return names.filter { $0 == "loss/total" } + names.filter { $0 != "loss/total" }
  }

  /// Points that the curves hold.
  public var points: Int { run.series.values.reduce(0) { $0 + $1.count } }

  /// What the second plot can show, one at a time where there is a teacher: each score F1 first,
  /// the loss of the evaluations, then shares that the method measures.
  var metricChoices: [MetricChoice] {
    let split = run.series.keys.contains { $0.hasPrefix("validation/") } ? "validation" : "test"
    let models = ["student", "teacher"]
    let ids = models.flatMap { model in
      let prefix = "\(split)/\(model)/"
      return run.series.keys.filter { $0.hasPrefix(prefix) }.map {
        String($0.dropFirst(prefix.count))
      }
    }
    let scores = ScoreOrder.sorted(Array(Set(ids))).map { id in
      let names = models.map { "\(split)/\($0)/\(id)" }.filter { run.series[$0] != nil }
      return MetricChoice(title: id, series: names, isScore: id != "loss")
    }
    let shares = [("disagree/cells", "T-S differ"), ("mask/ratio", "masked")]
    return scores.filter(\.isScore) + scores.filter { !$0.isScore }
      + shares.filter { run.series[$0.0] != nil }.map {
        MetricChoice(title: $0.1, series: [$0.0], isScore: false, isShare: true)
      }
  }

  /// What the scores are of: the method's result on the validation split, at the end on the test
  /// split; the other network where the result has no score yet.
  var latestEvaluation: EvalEnd? {
    latestEvaluation(of: ResultNetwork.of(run.started?.method ?? ""))
  }

  /// What the scores by class are of: bars are the student's wherever there is one.
  var classEvaluation: EvalEnd? { latestEvaluation(of: "student") }

  private func latestEvaluation(of network: String) -> EvalEnd? {
    let splits = run.ended == nil ? ["validation", "test"] : ["test", "validation"]
    return splits.lazy.compactMap {
      run.evaluations["\($0)/\(network)"]
        ?? run.evaluations["\($0)/\(ResultNetwork.other(than: network))"]
    }.first
  }

  /// The epoch that an evaluation closed.
  func epoch(of evaluation: EvalEnd) -> Int {
    run.evaluationEpochs["\(evaluation.split)/\(evaluation.model)"] ?? run.epoch
  }

  /// The class with the lowest F1 first; classes without a score last.
  func worstClasses(_ evaluation: EvalEnd) -> [ClassScore] {
    evaluation.perClass.enumerated().sorted {
      (($0.element.f1 ?? 2), $0.offset) < (($1.element.f1 ?? 2), $1.offset)
    }.map(\.element)
  }

  /// Newest first.
  var shownLog: [(t: UInt64, line: LogLine)] {
    run.log.reversed().filter { !train.warningsOnly || $0.line.level != .info }
  }

  /// The inspect cursor, a little to one side: fine where the plot is enlarged.
  mutating func moveInspect(from place: Double, by step: Int) {
    train.inspect = min(1, max(0, place + Double(step) / 64 / train.zoom))
  }

  mutating func zoom(by factor: Double) -> [Effect] {
    let wanted = train.zoom * factor
    if wanted < 1, train.zoom == 1 { return said("the whole x axis is shown; z enlarges it") }
    if wanted > TrainState.largestZoom {
      return said("z has enlarged the x axis as far as it goes")
    }
    train.zoom = max(1, wanted)
    return []
  }

  mutating func zoomAll() -> [Effect] {
    if train.zoom == 1 { return zoom(by: 0.5) }
    train.zoom = 1
    return []
  }

  /// `Enter` on a plot.
  mutating func pinOrEnlarge() -> [Effect] {
    if let place = train.inspect { pin(place) } else { isFull.toggle() }
    return []
  }

  /// Enter while inspecting: the place stays marked beside the cursor, or is let go.
  private mutating func pin(_ place: Double) {
    let near = 0.5 / 64 / train.zoom
    if let known = train.pins.firstIndex(where: { abs($0 - place) < near }) {
      train.pins.remove(at: known)
    } else {
      train.pins = train.pins.suffix(TrainState.mostPins - 1) + [place]
    }
  }

  mutating func openClassScore() -> [Effect] {
    guard let dataset, let evaluation = classEvaluation else { return noDataset() }
    let names = worstClasses(evaluation).map(\.name)
    guard names.indices.contains(cursor(.classScores)),
      let c = dataset.classes.firstIndex(of: names[cursor(.classScores)])
    else { return noDataset() }
    return openClass([c], 0)
  }

  // MARK: distances

  /// Extractors there are distances of, by name.
  var comparedExtractors: [String] { run.distances.keys.sorted() }

  /// The newest distances of the extractor under the cursor.
  var shownDistances: Distances? {
    let ids = comparedExtractors
    let place = min(max(0, cursors[.agreement] ?? 0), max(0, ids.count - 1))
    guard ids.indices.contains(place), let found = run.distances[ids[place]], found.size != nil
    else { return nil }
    return found
  }

  mutating func flipDistances() -> [Effect] {
    isFull = false
    train.showsDistances = trainView != .distances
    train.showsStep = false
    return []
  }

  /// Why there is nothing to show, and what would change that.
  var noDistances: [String] {
    let learns = ["con-reg", "dis-reg"].contains(run.started?.method ?? "")
    if run.started != nil, learns {
      return ["They are compared after each epoch: none is over yet."]
    }
    let now = run.started.map { "\($0.method) learns from labels alone." }
    return [now ?? "No run yet."] + [
      "Con-Reg and Dis-Reg draw the model's embedding to the features of a pre-trained network:",
      "2 Method, con-reg or dis-reg, then R. After each epoch both are compared here.",
    ]
  }
}

/// Curves that belong together: one score of the student and of the teacher.
struct MetricChoice: Sendable, Equatable {
  var title: String
  var series: [String]
  /// Comparable with the other scores, so that it may share their plot.
  var isScore: Bool
  var isShare = false
}

/// The mouse on the curves of 3 Train: what the left button is drawn over is enlarged, the right
/// one inspects.
extension Workbench {
  /// True where the mouse was about a plot's curves.
  mutating func touchPlot(_ mouse: Mouse) -> Bool {
    switch (mouse.button, mouse.action) {
    case (.left, .press):
      train.grip = curves(under: mouse)
      if let grip = train.grip { focus[screen] = grip.pane }
      return train.grip != nil
    case (.left, .release):
      guard let start = train.grip else { return false }
      train.grip = nil
      if let end = curves(under: mouse), abs(mouse.x - start.x) > 1 { enlarge(start, end) }
      return true
    case (.right, _):
      guard let place = curves(under: mouse) else { return false }
      focus[screen] = place.pane
      train.inspect = place.share
      return true
    default: return false
    }
  }

  /// The plots share their x axis, so a drag may end in another one.
  private mutating func enlarge(_ start: PlotGrip, _ end: PlotGrip) {
    let width = abs(end.share - start.share)
    train.zoom = min(TrainState.largestZoom, max(1, 1 / max(width, 1e-9)))
    train.inspect = (start.share + end.share) / 2
  }

  private func curves(under mouse: Mouse) -> PlotGrip? {
    let tiles = arrangement
    guard tiles.kind != .line,
      let hit = tiles.panes.first(where: { $0.rect.contains(x: mouse.x, y: mouse.y) }),
      let plot = view(of: hit.pane, .unicode) as? CurvePane
    else { return nil }
    let rect = tiles.kind == .full ? Frame.inside(hit.rect) : hit.rect
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
