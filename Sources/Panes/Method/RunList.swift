import Canvas
import Lab

/// The runs of the session and how many remain.
struct RunList: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String { bench.sessionName.map { "Runs · \($0)" } ?? "Runs" }
  var note: String {
    let all = bench.session.count
    return all == 0 ? "" : "\(bench.remainingRuns) of \(all) remain"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    let window = window(rect)
    let table = Table(
      [
        .init("", .flexible), .init("", .fixed(9)), .init("", .fixed(min(22, rect.width / 3))),
      ],
      rows: window.range.map { row(bench.session[$0], scores: rect.width < 66 ? 1 : 2) },
      selection: window.selection,
      hasHeader: false, emptyText: "no runs yet; R adds the first", glyphs: glyphs)
    grid.draw(table, in: rect)
  }

  func line(at y: Int, in rect: Rect) -> Int? { window(rect).line(at: y, top: rect.y) }

  private func window(_ rect: Rect) -> ListWindow {
    ListWindow(cursor: bench.cursor(.runs), count: bench.session.count, rows: rect.height)
  }

  /// The first scores of its session's table.
  private func row(_ run: RunSummary, scores count: Int) -> [StyledText] {
    let isOn = run.name == bench.run.run && bench.isTraining
    let state = isOn ? "training" : run.state == "absent" ? "to do" : run.state
    let scores = ids(run).prefix(count).compactMap { id in
      run.scores[id].map { "\(ScoreOrder.short(id)) \($0.fixed(3))" }
    }
    return [
      StyledText(run.name), StyledText(state, ink: .role(isOn ? .good : .muted)),
      StyledText(scores.joined(separator: " ")),
    ]
  }

  private func ids(_ run: RunSummary) -> [String] {
    let columns = bench.columns(of: bench.sessionName).filter { run.scores[$0] != nil }
    return columns.isEmpty ? ScoreOrder.sorted(Array(run.scores.keys)) : columns
  }
}
