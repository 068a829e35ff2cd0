import Canvas
import Lab

/// F1 of every class, the worst first, with the number of observed labels behind it: the student's
/// as a bar, the teacher's as a mark on it.
struct ClassScoreList: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  /// Whose numbers they are: beside them stand the scores of the method's result.
  var title: String {
    guard bench.hasTeacher, let evaluation = bench.classEvaluation else { return "F1, worst first" }
    return "\(evaluation.model)'s F1"
  }
  var note: String { bench.classEvaluation == nil ? "" : "obs" }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let evaluation = bench.classEvaluation, !evaluation.perClass.isEmpty else {
      let text = StyledText("after the first evaluation", ink: .role(.muted))
      grid.draw(Notice([text], glyphs: glyphs), in: rect)
      return
    }
    let isStudent = evaluation.model == "student"
    let teacher =
      isStudent ? bench.run.evaluations["\(evaluation.split)/teacher"]?.perClass ?? [] : []
    let second = Dictionary(teacher.map { ($0.name, $0.f1) }) { first, _ in first }
    let bars = bench.worstClasses(evaluation).map { score in
      BarChart.Bar(
        score.name, score.f1, second: second[score.name] ?? nil, note: "\(score.observed)",
        ink: .role(isStudent ? .student : .teacher))
    }
    let selection = bench.focused == .classScores ? bench.cursor(.classScores) : nil
    let inner = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 2, height: rect.height)
    grid.draw(BarChart(bars, selection: selection, glyphs: glyphs), in: inner)
  }
}
