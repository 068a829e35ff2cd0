import Canvas
import Lab

/// Sessions and, unfolded below each, their runs: state, progress, test score, age, size.
struct SessionList: PaneView {
  let bench: Workbench

  var title: String { "sessions\(bench.listMarks(.sessionList))" }
  var note: String {
    let rows = (bench.sessions ?? [])
    let runs = rows.flatMap(\.runs)
    return rows.isEmpty
      ? ""
      : [
        rows.count.of("session"), runs.count.of("run"), runs.reduce(0) { $0 + $1.bytes }.size,
      ].joined(separator: ", ")
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    let table = table(rect)
    grid.draw(table, in: rect)
    guard grid.glyphs.hasPapers,
      let column = table.columns.firstIndex(where: { $0.title == "state" }),
      let place = table.place(ofColumn: column, in: rect), place.count >= 12
    else { return }
    let lines = SessionScreen.sessionLines(bench)
    for y in rect.y..<rect.bottom {
      guard let row = table.row(at: y, in: rect), case .session(let session)? = lines[at: row],
        session.problem == nil
      else { continue }
      let line = Rect(x: place.lowerBound, y: y, width: place.count, height: 1)
      drawProgress(of: session, in: line, on: &grid)
      if row == table.selection { grid.select(line, pointer: false) }
    }
  }

  /// The finished runs of all as a bar, in place of words.
  private func drawProgress(of session: SessionRow, in line: Rect, on grid: inout Grid) {
    guard !session.isWatched else { return }
    let done = session.runs.count { $0.summary.state == "done" }
    let hasFailed = session.runs.contains { $0.summary.state == "failed" }
    let count = "\(done)/\(session.runs.count)"
    grid.fill(line)
    let bar = Rect(x: line.x, y: line.y, width: line.width - 8, height: 1)
    grid.bar(
      Double(done) / Double(max(1, session.runs.count)), in: bar,
      paint: hasFailed ? .role(.fault) : .role(.good))
    grid.text(
      count.padded(to: 7, .right), x: bar.right + 1, y: line.y,
      ink: .role(done > 0 ? .text : .muted))
  }

  func line(at y: Int, in rect: Rect) -> Int? { table(rect).row(at: y, in: rect) }

  private var empty: String {
    if bench.sessions == nil { return "looking for sessions" }
    return bench.filter(of: .sessionList).isEmpty ? "no sessions found" : "no match; esc clears"
  }

  private func table(_ rect: Rect) -> TableWidget {
    let lines = SessionScreen.sessionLines(bench)
    if let chosen = bench.shownRunColumns { return table(rect, lines, chosen) }
    let title = scoreTitle
    let hasMetric = title == nil && rect.width >= 76
    let method = hasMethods(lines, rect.width, hasMetric: hasMetric) ? [1] : []
    let columns: [TableWidget.Column] = [
      .init("session / run", .flexible), .init("method", .fixed(methodColumns(rect.width))),
      .init("state", .fixed(13)), .init("ep", .fixed(3), .right),
      .init("metric", .fixed(7)), .init(title ?? "score", .fixed(title == nil ? 5 : 7), .right),
      .init("when", .fixed(7), .right), .init("size", .fixed(6), .right),
    ]
    let shown =
      [0] + method + [2, 3] + (hasMetric ? [4] : []) + [5] + (rect.width < 60 ? [] : [6, 7])
    return table(shown.map { columns[$0] }, lines, rect) { line in
      let cells = row(line)
      return shown.compactMap { cells[at: $0] }
    }
  }

  /// With the columns that a person chose, as many as fit.
  private func table(_ rect: Rect, _ lines: [SessionLine], _ chosen: [RunColumn]) -> TableWidget {
    let fitting = Workbench.fitting(chosen, in: rect.width, beside: Self.nameAndState)
    let head: [TableWidget.Column] = [
      .init("session / run", .flexible), .init("state", .fixed(13)),
    ]
    let columns = fitting.map { TableWidget.Column($0.title, .fixed($0.width), $0.alignment) }
    return table(head + columns, lines, rect) { line in
      let cells = row(line)
      let own: [StyledText] =
        switch line {
        case .session(let row): fitting.map { StyledText($0.text(row.runs, columns: row.columns)) }
        case .run(let row, _): fitting.map { StyledText($0.text(row)) }
        case .heading: []
        }
      return [0, 2].compactMap { cells[at: $0] } + own
    }
  }

  /// Columns that the name and the state of a run take at least, with the pointer.
  private static let nameAndState = 2 + 26 + 14

  /// Cells are made for the rows that are drawn.
  private func table(
    _ columns: [TableWidget.Column], _ lines: [SessionLine], _ rect: Rect,
    cells: (SessionLine) -> [StyledText]
  ) -> TableWidget {
    var table = TableWidget(
      columns, rows: Array(repeating: [], count: lines.count),
      selection: SessionScreen.cursor(bench, among: lines.count), emptyText: empty)
    for place in table.drawnRows(in: rect) { table.rows[place] = cells(lines[place]) }
    return table
  }

  private func methodColumns(_ width: Int) -> Int { width < 90 ? 12 : 18 }

  /// Names go before methods: one that is cut no longer tells its seed.
  private func hasMethods(_ lines: [SessionLine], _ width: Int, hasMetric: Bool) -> Bool {
    let others = 42 + (hasMetric ? 8 : scoreTitle == nil ? 0 : 2)
    let longest = lines.map { line in
      switch line {
      case .session(let row): 2 + row.name.columns
      case .run(let row, _): 4 + row.summary.name.columns
      case .heading: 0
      }
    }.max()
    return width >= 60 && (longest ?? 0) + methodColumns(width) + others <= width
  }

  /// The metric's name where all sessions' tables begin with the same one.
  private var scoreTitle: String? {
    let metrics = Set(
      (bench.sessions ?? []).filter { !$0.runs.isEmpty }.compactMap(\.columns.first))
    guard metrics.count == 1, let metric = metrics.first else { return nil }
    return ScoreOrder.short(metric)
  }

  private func row(_ line: SessionLine) -> [StyledText] {
    switch line {
    case .session(let row): session(row)
    case .run(let row, let session): run(row, bench.columns(of: session))
    case .heading(let heading): [StyledText(heading.rawValue, .muted)]
    }
  }

  /// A session's own line sums its runs.
  private func session(_ row: SessionRow) -> [StyledText] {
    let isOpen = row.name == bench.sessionName
    let fold = bench[.sessions].unfolded.contains(row.name) ? "-" : "+"
    let name = StyledText("\(fold) \(row.name)", isOpen ? .good : .title)
    if row.problem != nil { return [name, "", StyledText("! unreadable", .fault)] }
    let methods = Set(row.runs.map(\.summary.method))
    let done = row.runs.count { $0.summary.state == "done" }
    let best = row.runs.compactMap { $0.score(row.columns) }.max()
    return [
      name,
      StyledText(methods.count == 1 ? methods.first ?? "" : "\(methods.count) methods"),
      StyledText(row.isWatched ? row.runs.count.of("log") : "\(done)/\(row.runs.count) done"),
      "", metric(row.columns),
      StyledText(best?.fixed(3) ?? "-"),
      StyledText(row.runs.compactMap(\.age).min()?.ago ?? "-"),
      StyledText(row.runs.reduce(0) { $0 + $1.bytes }.size),
    ]
  }

  private func metric(_ columns: [String]) -> StyledText {
    StyledText(columns.first.map(ScoreOrder.short) ?? "", .muted)
  }

  private func run(_ row: RunRow, _ columns: [String]) -> [StyledText] {
    let (word, glyph, role) = row.look(
      bench.glyphs,
      isOn: bench.isTraining && row.summary.name == (bench.replay?.live ?? bench.run).run)
    return [
      StyledText("    \(row.summary.name)"), StyledText(row.summary.method),
      StyledText("\(glyph) \(word)", role),
      StyledText(row.epoch == 0 ? "-" : "\(row.epoch)"), metric(columns),
      StyledText(row.score(columns)?.fixed(3) ?? "-"),
      StyledText(row.age?.ago ?? "-"), StyledText(row.bytes == 0 ? "-" : row.bytes.size),
    ]
  }
}

extension RunRow {
  /// The main test score of a finished run: the first column of its session's table.
  func score(_ columns: [String]) -> Double? { columns.first.flatMap { summary.scores[$0] } }

  func look(_ glyphs: GlyphSet, isOn: Bool) -> (word: String, glyph: Character, role: Role) {
    if isOn { return ("training", glyphs.running, .good) }
    return switch summary.state {
    case "done": ("done", glyphs.stopped, .good)
    case "training": ("training", glyphs.running, .good)
    case "failed": ("failed", glyphs.failed, .fault)
    case "absent": ("to do", glyphs.idle, .muted)
    case "log": ("log", glyphs.dot, .text)
    default: (summary.state, glyphs.paused, .warn)
    }
  }
}
