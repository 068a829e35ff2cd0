import Canvas
import Lab

/// Which curves there are, and how they are shown.
extension Workbench {
  /// Loss curves, the total first.
  var lossNames: [String] {
    let names = run.series.keys.filter { $0.hasPrefix("loss/") }.sorted()
    return names.filter { $0 == "loss/total" } + names.filter { $0 != "loss/total" }
  }

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

  /// What the score panes show: the student on the validation split, at the end on the test split.
  var latestEvaluation: EvalEnd? {
    let splits = run.bye == nil ? ["validation", "test"] : ["test", "validation"]
    return splits.lazy.compactMap {
      run.evaluations["\($0)/student"] ?? run.evaluations["\($0)/teacher"]
    }.first
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
    case .xAxis: train.xAxis = train.xAxis == .step ? .epoch : .step
    case .smoothing: train.smoothing = train.nextSmoothing
    case .inspect: train.inspect = train.inspect == nil ? inspectStart : nil
    default: train.warningsOnly.toggle()
    }
    return []
  }

  /// The inspect cursor starts at the newest step.
  private var inspectStart: Double {
    let planned = run.hello?.plannedSteps ?? run.progress?.plannedSteps ?? 0
    return planned > 0 ? min(1, Double(run.step) / Double(planned)) : 1
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
