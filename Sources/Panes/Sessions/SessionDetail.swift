import Canvas
import Lab

/// Facts about the session or run under the cursor, the keys that apply to it, and the text of a
/// session. In a low pane the facts stand side by side.
struct SessionDetail: PaneView {
  let bench: Workbench

  var title: String { "detail" }

  func draw(in rect: Rect, on grid: inout Grid) {
    let isLow = rect.height < Self.wholeHeight
    let lines: [StyledText] =
      switch SessionScreen.sessionLine(bench) {
      case .session(let row)? where isLow: brief(row)
      case .session(let row)?: session(row) + text(of: row, rect.width - 2)
      case .run(let row, let name)? where isLow: brief(row, name)
      case .run(let row, let name)?: run(row, name)
      case .heading(let heading)?: text(of: heading)
      case nil: [StyledText("-", .muted)]
      }
    let folded = lines.flatMap { $0.folded(to: rect.width - 2) }
    grid.notice(Array(folded.prefix(rect.height)), in: rect)
  }

  private static let wholeHeight = 10

  private func text(of heading: SessionHeading) -> [StyledText] {
    switch heading {
    case .lessons:
      [
        StyledText("Lessons", .title), StyledText("One idea each, in their order."),
        StyledText("o opens one, F2 shows its text, R on 3 Train starts it.", .muted),
      ]
    case .claims:
      [
        StyledText("Claims", .title),
        StyledText("Statements of the literature, each with a session that can show it."),
        StyledText("o opens one, F2 shows its text; scant reproduce CLAIM trains it.", .muted),
      ]
    }
  }

  // MARK: a session

  private func session(_ row: SessionRow) -> [StyledText] {
    if let problem = row.problem {
      return [StyledText(row.name, .title), StyledText(problem, .fault)]
    }
    if row.isWatched { return watched(row) }
    return [
      StyledText(row.name, .title), StyledText(row.title.visible), StyledText(""),
      StyledText("runs     \(states(row))"),
      StyledText("methods  \(methods(row))"),
      StyledText("seeds    \(Set(row.runs.map(\.summary.seed)).count)"),
      StyledText("score    \(row.columns.first ?? "-"), test, the best run"), StyledText(""),
      openness(row),
      StyledText("enter folds its runs in and out.", .muted),
    ] + (row.findings ?? []).flatMap(claim)
  }

  /// "claims   2 shown, 1 reversed"; nothing without claims.
  private func standings(_ row: SessionRow) -> [StyledText] {
    guard let findings = row.findings else { return [] }
    let counts = [Finding.Standing.shown, .notShown, .reversed, .open].compactMap { standing in
      let count = findings.count { $0.standing == standing }
      return count == 0 ? nil : "\(count) \(standing == .open ? "not run" : standing.rawValue)"
    }
    return [StyledText("claims   \(counts.joined(separator: ", "))")]
  }

  /// A claim, what the kept table says about it, and the command that trains it.
  private func claim(_ finding: Finding) -> [StyledText] {
    let isOpen = finding.standing == .open
    let answer = isOpen ? "No result is kept with the session." : finding.sentence.visible
    return [
      StyledText(""), StyledText(finding.says.visible, .title),
      StyledText(answer, finding.standing == .shown ? .good : isOpen ? .muted : .text),
      StyledText("scant reproduce \(finding.claim.visible)", .muted),
    ]
  }

  private func brief(_ row: SessionRow) -> [StyledText] {
    if let problem = row.problem {
      return [StyledText(row.name, .title), StyledText(problem, .fault)]
    }
    if row.isWatched { return watched(row) }
    return [
      StyledText(row.title.visible, .title),
      StyledText("runs     \(states(row))"),
      StyledText("methods  \(methods(row))"),
    ] + standings(row) + (row.readme == nil ? [] : [StyledText("F2 shows its text.", .muted)]) + [
      openness(row)
    ]
  }

  /// The session's README below the facts.
  private func text(of row: SessionRow, _ width: Int) -> [StyledText] {
    guard let readme = row.readme, width > 20 else { return [] }
    return [StyledText("")] + MarkdownText(readme).lines(width: width)
  }

  private func openness(_ row: SessionRow) -> StyledText {
    let isOpen = row.name == bench.sessionName
    return StyledText(
      isOpen ? "This session is open." : "o opens this session; then R trains it.",
      isOpen ? .good : .muted)
  }

  private func states(_ row: SessionRow) -> String {
    ["done", "interrupted", "failed", "absent"].compactMap { state -> String? in
      let count = row.runs.count { $0.summary.state == state }
      return count == 0 ? nil : "\(count) \(state == "absent" ? "to do" : state)"
    }.joined(separator: ", ")
  }

  private func methods(_ row: SessionRow) -> String {
    row.runs.map(\.summary.method).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }.joined(separator: " ")
  }

  // MARK: a run

  private func run(_ row: RunRow, _ session: String) -> [StyledText] {
    let summary = row.summary
    if let log = row.log { return watched(row, log, session) }
    var lines = [
      StyledText(summary.name, .title), StyledText("session  \(session)"),
      StyledText("method   \(summary.method)"), StyledText("model    \(summary.model)"),
      StyledText("seed     \(summary.seed)"),
      StyledText("state    \(row.look(bench.glyphs, isOn: false).word), step \(row.step)"),
    ]
    if let seconds = row.seconds { lines.append(StyledText("time     \(seconds.clock)")) }
    if !summary.otherScores.isEmpty {
      lines.append(StyledText("test of the \(ResultNetwork.of(summary.method))"))
    }
    for id in scores(row, session) {
      lines.append(StyledText("  \(id.padded(to: 14)) \((summary.scores[id] ?? .nan).fixed(3))"))
    }
    if let note = row.note { lines += [StyledText("note     \(note.visible)", .title)] }
    return lines + [StyledText(""), StyledText(keys(row), .muted)]
  }

  private func brief(_ row: RunRow, _ session: String) -> [StyledText] {
    let summary = row.summary
    if let log = row.log { return watched(row, log, session) }
    let time = row.seconds.map { " in \($0.clock)" } ?? ""
    let found = scores(row, session).prefix(4).map { id in
      "\(ScoreOrder.short(id)) \((summary.scores[id] ?? .nan).fixed(3))"
    }
    var lines = [
      StyledText("\(summary.name)  session \(session)", .title),
      StyledText("\(summary.method) · \(summary.model) · seed \(summary.seed)"),
      StyledText("\(row.look(bench.glyphs, isOn: false).word), step \(row.step)\(time)"),
    ]
    if !found.isEmpty { lines.append(StyledText("test  \(found.joined(separator: "  "))")) }
    if let note = row.note { lines.append(StyledText("note  \(note.visible)", .title)) }
    return lines + [StyledText(keys(row), .muted)]
  }

  /// A folder with logs of other programs.
  private func watched(_ row: SessionRow) -> [StyledText] {
    [
      StyledText(row.name.visible, .title),
      StyledText("\(row.runs.count.of("log")) of other programs"),
      StyledText("Only read: scant changes nothing here.", .muted),
      StyledText("enter on one follows it, p replays it.", .muted),
    ]
  }

  /// A log of another program.
  private func watched(_ row: RunRow, _ log: LogFormat, _ folder: String) -> [StyledText] {
    let written = row.age.map { "written \($0.ago) ago, \(row.bytes.size)" } ?? "no file"
    return [
      StyledText(row.summary.name.visible, .title), StyledText("in       \(folder.visible)"),
      StyledText(written), StyledText(log.limits), StyledText(""),
      StyledText("enter follows it, p replays it, 6 Compare sets it beside others.", .muted),
    ]
  }

  private func scores(_ row: RunRow, _ session: String) -> [String] {
    ScoreOrder.sorted(Array(row.summary.scores.keys), after: bench.columns(of: session))
  }

  private func keys(_ row: RunRow) -> String {
    switch row.summary.state {
    case "absent": "r trains it."
    case "done": "enter loads it for 4 Clips, p replays it."
    default: "enter shows it, p replays it, r resumes it."
    }
  }
}
