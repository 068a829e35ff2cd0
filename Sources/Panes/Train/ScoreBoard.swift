import Canvas
import Lab

/// The latest scores with what they are computed from; on narrow screens the loss terms too.
struct ScoreBoard: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  /// Whose scores they are, where the method has two networks.
  var title: String {
    guard let evaluation = TrainScreen.latestEvaluation(bench) else { return "scores" }
    return bench.run.hasTeacher ? "\(evaluation.split) \(evaluation.model)" : evaluation.split
  }
  var note: String {
    TrainScreen.latestEvaluation(bench).map { "ep \(TrainScreen.epoch(bench, of: $0))" } ?? ""
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    let terms = rect.width < 34 ? bench.run.terms.prefix(3) : []
    let lines =
      scoreLines(rect.height - terms.count) + terms.map { StyledText($0.line(bench.run.termsStep)) }
    for (row, line) in lines.prefix(rect.height).enumerated() {
      grid.text(
        [line], x: rect.x + 1, y: rect.y + row, maxWidth: rect.width - 2,
        ellipsis: glyphs.ellipsis)
    }
  }

  /// Scores, best checkpoint and denominator; the denominator always keeps its line.
  private func scoreLines(_ room: Int) -> [StyledText] {
    guard let evaluation = TrainScreen.latestEvaluation(bench) else {
      return [StyledText("no evaluation yet", ink: .role(.muted))]
    }
    let second = ResultNetwork.other(than: evaluation.model)
    let other = bench.run.evaluations["\(evaluation.split)/\(second)"]
    var lines: [StyledText] = []
    for id in ScoreOrder.sorted(Array(evaluation.metrics.keys)) {
      lines.append(line(id, evaluation))
      if let value = other?.metrics[id] {
        let ink = Ink.role(second == "teacher" ? .teacher : .student)
        lines.append(StyledText("  \(second)     \(value.fixed(3))", ink: ink))
      }
    }
    var foot: [StyledText] = []
    if let shares { foot.append(StyledText(shares)) }
    if let best = bench.run.bestStep {
      foot.append(StyledText("best checkpoint: step \(best)", ink: .role(.good)))
    }
    foot.append(StyledText("over \(evaluation.scored) observed", ink: .role(.muted)))
    foot.append(StyledText("  of \(evaluation.entries) labels", ink: .role(.muted)))
    if let id = ScoreOrder.sorted(Array((evaluation.bounds ?? [:]).keys)).first,
      let band = evaluation.band(id)
    {
      foot.append(StyledText("\(id) of all \(band)", ink: .role(.muted)))
    }
    return Array(lines.prefix(max(1, room - foot.count))) + foot
  }

  /// What the method measures besides, of all cells of its last step.
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
      if change != 0 { trend = " \(change > 0 ? glyphs.up : glyphs.down)" }
    }
    return StyledText("\(id.padded(to: 13)) \(value.fixed(3))\(trend)")
  }
}

/// F1 of every class, the worst first, with the number of observed labels behind it: the student's
/// as a bar, the teacher's as a mark on it.
struct ClassScoreList: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  /// Whose numbers they are: beside them stand the scores of the method's result.
  var title: String {
    guard bench.run.hasTeacher, let evaluation = TrainScreen.classEvaluation(bench) else {
      return "F1, worst first"
    }
    return "\(evaluation.model)'s F1"
  }
  var note: String { TrainScreen.classEvaluation(bench) == nil ? "" : "obs" }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let evaluation = TrainScreen.classEvaluation(bench), !evaluation.perClass.isEmpty else {
      let text = StyledText("after the first evaluation", ink: .role(.muted))
      grid.draw(Notice([text], glyphs: glyphs), in: rect)
      return
    }
    let isStudent = evaluation.model == "student"
    let teacher =
      isStudent ? bench.run.evaluations["\(evaluation.split)/teacher"]?.perClass ?? [] : []
    let second = Dictionary(teacher.map { ($0.name, $0.f1) }) { first, _ in first }
    let bars = TrainScreen.worstClasses(evaluation).map { score in
      BarChart.Bar(
        score.name, score.f1, second: second[score.name] ?? nil, note: "\(score.observed)",
        ink: .role(isStudent ? .student : .teacher))
    }
    let selection = bench.focused == .classScores ? bench.cursor(.classScores) : nil
    let inner = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 2, height: rect.height)
    grid.draw(BarChart(bars, selection: selection, glyphs: glyphs), in: inner)
  }
}
