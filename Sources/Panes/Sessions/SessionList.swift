import Canvas
import Lab

/// Sessions and, unfolded below each, their runs: state, progress, test score, age, size.
struct SessionList: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String { "sessions" }
  var note: String {
    let rows = (bench.sessions ?? [])
    let runs = rows.flatMap(\.runs)
    return rows.isEmpty
      ? ""
      : [
        rows.count.of("session"), runs.count.of("run"), runs.reduce(0) { $0 + $1.bytes }.size,
      ].joined(separator: ", ")
  }

  func draw(in rect: Rect, on grid: inout Grid) { grid.draw(table(rect), in: rect) }

  func line(at y: Int, in rect: Rect) -> Int? { table(rect).row(at: y, in: rect) }

  private func table(_ rect: Rect) -> Table {
    let lines = SessionScreen.sessionLines(bench)
    let empty = (bench.sessions != nil) ? "no sessions found" : "looking for sessions"
    let title = scoreTitle
    let hasMetric = title == nil && rect.width >= 76
    let method = hasMethods(rect.width, hasMetric: hasMetric) ? [1] : []
    let columns: [Table.Column] = [
      .init("session / run", .flexible), .init("method", .fixed(methodColumns(rect.width))),
      .init("state", .fixed(13)), .init("ep", .fixed(3), .right),
      .init("metric", .fixed(7)), .init(title ?? "score", .fixed(title == nil ? 5 : 7), .right),
      .init("when", .fixed(7), .right), .init("size", .fixed(6), .right),
    ]
    let shown =
      [0] + method + [2, 3] + (hasMetric ? [4] : []) + [5] + (rect.width < 60 ? [] : [6, 7])
    return Table(
      shown.map { columns[$0] },
      rows: lines.map { line in
        let cells = row(line)
        return shown.compactMap { cells.indices.contains($0) ? cells[$0] : nil }
      }, selection: bench.cursor(.sessionList), emptyText: empty,
      glyphs: glyphs)
  }

  private func methodColumns(_ width: Int) -> Int { width < 90 ? 12 : 18 }

  /// Names go before methods: one that is cut no longer tells its seed.
  private func hasMethods(_ width: Int, hasMetric: Bool) -> Bool {
    let others = 42 + (hasMetric ? 8 : scoreTitle == nil ? 0 : 2)
    let longest = SessionScreen.sessionLines(bench).map { line in
      switch line {
      case .session(let row): 2 + row.name.columns
      case .run(let row, _): 4 + row.summary.name.columns
      }
    }.max()
    return width >= 60 && (longest ?? 0) + methodColumns(width) + others <= width
  }

  /// The metric's name where all sessions' tables begin with the same one.
  private var scoreTitle: String? {
    let metrics = Set((bench.sessions ?? []).filter { !$0.runs.isEmpty }.map { $0.columns.first })
    guard metrics.count == 1, let metric = metrics.first ?? nil else { return nil }
    return ScoreOrder.short(metric)
  }

  private func row(_ line: SessionLine) -> [StyledText] {
    switch line {
    case .session(let row): session(row)
    case .run(let row, let session): run(row, bench.columns(of: session))
    }
  }

  /// A session's own line sums its runs.
  private func session(_ row: SessionRow) -> [StyledText] {
    let isOpen = row.name == bench.sessionName
    let fold = bench[.sessions].unfolded.contains(row.name) ? "-" : "+"
    let name = StyledText("\(fold) \(row.name)", ink: .role(isOpen ? .good : .title))
    if row.problem != nil { return [name, "", StyledText("! unreadable", ink: .role(.fault))] }
    let methods = Set(row.runs.map(\.summary.method))
    let done = row.runs.count { $0.summary.state == "done" }
    let best = row.runs.compactMap { $0.score(row.columns) }.max()
    return [
      name,
      StyledText(methods.count == 1 ? methods.first ?? "" : "\(methods.count) methods"),
      StyledText("\(done)/\(row.runs.count) done"), "", metric(row.columns),
      StyledText(best?.fixed(3) ?? "-"),
      StyledText(row.runs.compactMap(\.age).min()?.ago ?? "-"),
      StyledText(row.runs.reduce(0) { $0 + $1.bytes }.size),
    ]
  }

  private func metric(_ columns: [String]) -> StyledText {
    StyledText(columns.first.map(ScoreOrder.short) ?? "", ink: .role(.muted))
  }

  private func run(_ row: RunRow, _ columns: [String]) -> [StyledText] {
    let (word, glyph, role) = row.look(
      glyphs, isOn: bench.isTraining && row.summary.name == (bench.replay?.live ?? bench.run).run)
    return [
      StyledText("    \(row.summary.name)"), StyledText(row.summary.method),
      StyledText("\(glyph) \(word)", ink: .role(role)),
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
    default: (summary.state, glyphs.paused, .warn)
    }
  }
}

extension Double {
  /// Seconds as "now", "12m ago" …
  var ago: String {
    switch self {
    case ..<60: "now"
    case ..<3600: "\(Int(self / 60))m ago"
    case ..<86_400: "\(Int(self / 3600))h ago"
    default: "\(min(999, Int(self / 86_400)))d ago"
    }
  }
}

extension Int {
  /// "1 run", "2 runs".
  func of(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }

  /// Bytes as "18 MB".
  var size: String {
    switch self {
    case ..<1000: "\(self) B"
    case ..<1_000_000: "\(self / 1000) kB"
    case ..<10_000_000_000: "\(self / 1_000_000) MB"
    default: "\(self / 1_000_000_000) GB"
    }
  }
}
