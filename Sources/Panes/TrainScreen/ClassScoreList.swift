import Canvas
import Lab

/// F1 of every class, the worst first, with the number of observed labels behind it.
struct ClassScoreList: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String { "F1, worst first" }
  var note: String { bench.latestEvaluation == nil ? "" : "obs" }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let evaluation = bench.latestEvaluation, !evaluation.perClass.isEmpty else {
      let text = StyledText("after the first evaluation", ink: .role(.muted))
      grid.draw(Notice([text], glyphs: glyphs), in: rect)
      return
    }
    let teacher = bench.run.evaluations["\(evaluation.split)/teacher"]?.perClass ?? []
    let second = Dictionary(teacher.map { ($0.name, $0.f1) }) { first, _ in first }
    let bars = bench.worstClasses(evaluation).map { score in
      BarChart.Bar(
        score.name, score.f1, second: second[score.name] ?? nil, note: "\(score.observed)",
        ink: .role(.student))
    }
    let selection = bench.focused == .classScores ? bench.cursor(.classScores) : nil
    let inner = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 2, height: rect.height)
    grid.draw(BarChart(bars, selection: selection, glyphs: glyphs), in: inner)
  }
}
