import Canvas
import Lab

/// The latest scores with what they are computed from; on narrow screens the loss terms too.
struct ScoreBoard: PaneView {
  let bench: Workbench

  /// Whose scores they are, where the method has two networks.
  var title: String {
    guard let evaluation = TrainScreen.latestEvaluation(bench) else { return "scores" }
    return bench.run.hasTeacher ? "\(evaluation.split) \(evaluation.model)" : evaluation.split
  }
  var note: String {
    TrainScreen.latestEvaluation(bench).map { "ep \(TrainScreen.epoch(bench, of: $0))" } ?? ""
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    if let log = bench.run.otherLog { return grid.notice(log.limits, in: rect) }
    let terms = rect.width < 34 && bench.size.width < 100 ? bench.run.terms.prefix(3) : []
    let lines =
      scoreLines(rect.height - terms.count, rect.width - 2)
      + terms.map { StyledText($0.line(bench.run.termsStep)) }
    grid.lines(lines, in: rect)
  }

  /// Scores, best checkpoint and denominator; the denominator always keeps its line.
  private func scoreLines(_ room: Int, _ width: Int) -> [StyledText] {
    guard let evaluation = TrainScreen.latestEvaluation(bench) else {
      return [StyledText("no evaluation yet", .muted)]
    }
    let second = ResultNetwork.other(than: evaluation.model)
    let other = bench.run.evaluations["\(evaluation.split)/\(second)"]
    var lines: [StyledText] = []
    for id in ScoreOrder.sorted(Array(evaluation.metrics.keys), after: bench.runColumns) {
      lines.append(line(id, evaluation))
      if let value = other?.metrics[id] {
        let ink = Ink.role(second == "teacher" ? .teacher : .student)
        lines.append(StyledText("  \(second)     \(value.fixed(3))", ink: ink))
      }
    }
    var foot: [StyledText] = []
    if let shares { foot.append(StyledText(shares)) }
    if let best = bench.run.bestStep {
      foot.append(StyledText("best checkpoint: step \(best)", .good))
    }
    foot.append(StyledText("over \(evaluation.scored) observed", .muted))
    foot.append(StyledText("  of \(evaluation.entries) labels", .muted))
    let bounded = Array((evaluation.bounds ?? [:]).keys)
    if let id = ScoreOrder.sorted(bounded, after: bench.runColumns).first,
      let band = ScoreOrder.bounds(of: id, in: evaluation)
    {
      let long = "\(id), if the missing labels were known: \(band)"
      foot.append(StyledText(long.columns > width ? "if all known: \(band)" : long, .muted))
    }
    return Array(lines.prefix(max(1, room - foot.count))) + foot
  }

  /// Further shares that the method measures over all entries of its last step.
  private var shares: String? {
    let series = [("disagree/cells", "T-S differ"), ("mask/ratio", "mask")].compactMap {
      name, title in bench.run.series[name]?.last.map { (title, $0) }
    }
    guard let step = series.last?.1.step else { return nil }
    let texts = series.map { title, point in
      let percent = Double(point.value) * 100
      return "\(title) \(percent.fixed(percent < 10 ? 1 : 0))%"
    }
    return texts.joined(separator: " ") + " @\(step)"
  }

  private func line(_ id: String, _ evaluation: EvalEnd) -> StyledText {
    let value = evaluation.metrics[id] ?? .nan
    let series = bench.run.series["\(evaluation.split)/\(evaluation.model)/\(id)"]
    var trend = ""
    if let values = series?.values, values.count > 1 {
      let change = values[values.count - 1] - values[values.count - 2]
      if change != 0 { trend = " \(change > 0 ? bench.glyphs.up : bench.glyphs.down)" }
    }
    return StyledText("\(id.padded(to: 13)) \(value.fixed(3))\(trend)")
  }
}

/// F1 of every class, the worst first, with the number of observed labels behind it: that of the
/// network that is the method's result as a bar, the other network's as a mark on it.
struct ClassScoreList: PaneView {
  let bench: Workbench

  /// Names the network of a method that has two.
  var title: String {
    if bench.showsOtherLog { return "newest values" }
    guard bench.run.hasTeacher, let evaluation = TrainScreen.classEvaluation(bench) else {
      return "F1, worst first"
    }
    return "F1 of the \(evaluation.model)"
  }
  var note: String { TrainScreen.classEvaluation(bench) == nil ? "" : "obs" }

  func draw(in rect: Rect, on grid: inout Grid) {
    if bench.showsOtherLog {
      let lines = OtherLogCurves.lastValues(
        bench.run, height: rect.height, width: rect.width - 2)
      return grid.lines(lines, in: rect)
    }
    guard let evaluation = TrainScreen.classEvaluation(bench), !evaluation.perClass.isEmpty else {
      return grid.notice("after the first evaluation", in: rect)
    }
    let isStudent = evaluation.model == "student"
    let other = ResultNetwork.other(than: evaluation.model)
    let others = bench.run.evaluations["\(evaluation.split)/\(other)"]?.perClass ?? []
    let second = Dictionary(others.map { ($0.name, $0.f1) }) { first, _ in first }
    let bars = TrainScreen.worstClasses(evaluation).map { score in
      BarChart.Bar(
        score.name, score.f1, second: second[score.name] ?? nil, note: "\(score.observed)",
        paint: isStudent ? .value : .role(.teacher))
    }
    let selection = bench.focused == .classScores ? bench.cursor(.classScores) : nil
    let inner = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 2, height: rect.height)
    grid.draw(BarChart(bars, selection: selection), in: inner)
  }
}

/// The order in which scores are shown: that of a table of results whose session names no other.
enum ScoreOrder {
  static let order = [
    "accuracy", "f1-macro-both", "ap-macro", "f1-macro", "roc-auc-macro", "f1-micro",
    "f1-instance", "ap-micro",
  ]

  /// For the head of a column, up to seven letters.
  static func short(_ id: String) -> String {
    switch id {
    case "accuracy": "acc"
    case "f1-macro-both": "F1 both"
    case "f1-macro": "F1"
    case "f1-micro": "F1 mic"
    case "f1-instance": "F1 clip"
    case "ap-macro": "AP"
    case "ap-micro": "AP mic"
    case "roc-auc-macro": "ROC AUC"
    default: String(id.prefix(7))
    }
  }

  /// `columns`: those of the session's table come first.
  static func sorted(_ ids: [String], after columns: [String] = []) -> [String] {
    let order = columns + order
    func rank(_ id: String) -> Int { order.firstIndex(of: id) ?? order.count }
    return ids.sorted { (rank($0), $0) < (rank($1), $1) }
  }

  /// "0.05-0.93": bounds of the metric over all values of the missing labels; nil without bounds.
  static func bounds(of metric: String, in evaluation: EvalEnd?) -> String? {
    guard let bounds = evaluation?.bounds?[metric], bounds.count == 2 else { return nil }
    return "\(bounds[0].fixed(2))-\(bounds[1].fixed(2))"
  }
}
