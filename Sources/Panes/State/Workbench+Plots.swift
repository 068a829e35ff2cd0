import Canvas
import Lab

/// Which curves there are, and how they are shown.
extension Workbench {
  /// Loss curves, the total first.
  var lossNames: [String] {
    let names = run.series.keys.filter { $0.hasPrefix("loss/") }.sorted()
    return names.filter { $0 == "loss/total" } + names.filter { $0 != "loss/total" }
  }

  /// Validation scores of student, then teacher, F1 first; at most six.
  var metricNames: [String] {
    let split = run.series.keys.contains { $0.hasPrefix("validation/") } ? "validation" : "test"
    let names = ["student", "teacher"].flatMap { model -> [String] in
      let prefix = "\(split)/\(model)/"
      let ids = run.series.keys.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) }
      return ScoreOrder.sorted(ids.map(String.init)).map { prefix + $0 }
    }
    return Array(names.prefix(6))
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
