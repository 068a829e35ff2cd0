import Canvas
import Lab

/// What there is to know of the session or run under the cursor, and what the keys would do.
struct SessionDetail: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String { "detail" }

  func draw(in rect: Rect, on grid: inout Grid) {
    let lines: [StyledText] =
      switch SessionScreen.sessionLine(bench) {
      case .session(let row)?: session(row)
      case .run(let row, let name)?: run(row, name)
      case nil: [StyledText("-", ink: .role(.muted))]
      }
    grid.draw(Notice(lines, glyphs: glyphs), in: rect)
  }

  private func session(_ row: SessionRow) -> [StyledText] {
    if let problem = row.problem {
      return [StyledText(row.name, ink: .role(.title)), StyledText(problem, ink: .role(.fault))]
    }
    let states = ["done", "interrupted", "failed", "absent"].compactMap { state -> String? in
      let count = row.runs.count { $0.summary.state == state }
      return count == 0 ? nil : "\(count) \(state == "absent" ? "to do" : state)"
    }
    let methods = row.runs.map(\.summary.method).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    let isOpen = row.name == bench.sessionName
    return [
      StyledText(row.name, ink: .role(.title)), StyledText(row.title), StyledText(""),
      StyledText("runs     \(states.joined(separator: ", "))"),
      StyledText("methods  \(methods.joined(separator: " "))"),
      StyledText("seeds    \(Set(row.runs.map(\.summary.seed)).count)"),
      StyledText("score    \(row.columns.first ?? "-"), test, the best run"), StyledText(""),
      StyledText(
        isOpen ? "This session is open." : "o opens this session; then R trains it.",
        ink: .role(isOpen ? .good : .muted)),
      StyledText("enter folds its runs in and out.", ink: .role(.muted)),
    ]
  }

  private func run(_ row: RunRow, _ session: String) -> [StyledText] {
    let summary = row.summary
    var lines = [
      StyledText(summary.name, ink: .role(.title)), StyledText("session  \(session)"),
      StyledText("method   \(summary.method)"), StyledText("model    \(summary.model)"),
      StyledText("seed     \(summary.seed)"),
      StyledText("state    \(row.look(glyphs, isOn: false).word), step \(row.step)"),
    ]
    if !summary.otherScores.isEmpty {
      lines.append(StyledText("test of the \(ResultNetwork.of(summary.method))"))
    }
    for id in ScoreOrder.sorted(Array(summary.scores.keys)) {
      lines.append(StyledText("  \(id.padded(to: 14)) \((summary.scores[id] ?? .nan).fixed(3))"))
    }
    lines.append(StyledText(""))
    switch summary.state {
    case "absent": lines.append(StyledText("r trains it.", ink: .role(.muted)))
    case "done":
      lines.append(StyledText("enter shows it, R replays it.", ink: .role(.muted)))
    default:
      lines.append(
        StyledText("enter shows it, R replays it, r goes on with it.", ink: .role(.muted)))
    }
    return lines
  }
}
