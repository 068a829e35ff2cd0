import Canvas
import Lab

/// Which curves there are, and how they are shown.
extension Workbench {
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
    latestEvaluation(of: ResultNetwork.of(run.hello?.method ?? ""))
  }

  /// What the scores by class are of: bars are the student's wherever there is one.
  var classEvaluation: EvalEnd? { latestEvaluation(of: "student") }

  private func latestEvaluation(of network: String) -> EvalEnd? {
    let splits = run.bye == nil ? ["validation", "test"] : ["test", "validation"]
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

  mutating func adjustPlots(_ id: Action.ID) -> [Effect] {
    switch id {
    case .logY: train.logY.toggle()
    case .xAxis: train.xAxis = train.xAxis.next
    case .smoothing: train.smoothing = train.nextSmoothing
    case .inspect: train.inspect = train.inspect == nil ? PlotAxis(self).newest : nil
    case .zoomIn: zoom(to: train.zoom * 2)
    case .zoomOut: zoom(to: train.zoom / 2)
    case .zoomAll: zoom(to: min(1, train.zoom / 2))
    default: train.warningsOnly.toggle()
    }
    return []
  }

  /// The inspect cursor, a little to one side: fine where the plot is enlarged.
  mutating func moveInspect(from place: Double, by step: Int) {
    train.inspect = min(1, max(0, place + Double(step) / 64 / train.zoom))
  }

  private mutating func zoom(to wanted: Double) {
    if wanted < 1, train.zoom == 1 { return say("the whole x axis is shown; z enlarges it") }
    if wanted > TrainState.largestZoom { return say("z has enlarged the x axis as far as it goes") }
    train.zoom = max(1, wanted)
  }

  /// Enter while inspecting: the place stays marked beside the cursor, or is let go.
  mutating func pin(_ place: Double) {
    let near = 0.5 / 64 / train.zoom
    if let known = train.pins.firstIndex(where: { abs($0 - place) < near }) {
      train.pins.remove(at: known)
    } else {
      train.pins = train.pins.suffix(TrainState.mostPins - 1) + [place]
    }
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
