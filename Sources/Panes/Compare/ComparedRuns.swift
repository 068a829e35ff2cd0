import Canvas
import Lab

/// Runs to choose from, the chosen ones with their marks, and the means of the open session.
struct ComparedRuns: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String { bench.compare.network == .result ? "runs" : "other networks" }
  var note: String { "\(bench.compare.chosen.count) of \(bench.comparable.count)" }

  func draw(in rect: Rect, on grid: inout Grid) {
    let foot = footLines(rect.width)
    let parts = parts(rect, foot)
    grid.draw(table, in: parts[0])
    for (i, line) in foot.prefix(parts[1].height).enumerated() {
      grid.text(
        [line], x: rect.x + 1, y: parts[1].y + i, maxWidth: rect.width - 2,
        ellipsis: glyphs.ellipsis)
    }
  }

  func line(at y: Int, in rect: Rect) -> Int? {
    table.row(at: y, in: parts(rect, footLines(rect.width))[0])
  }

  private func parts(_ rect: Rect, _ foot: [StyledText]) -> [Rect] {
    rect.rows(.share(1), .fixed(min(foot.count, max(0, rect.height / 2))))
  }

  private var table: Table {
    Table(
      [
        .init("", .fixed(3)), .init("run", .flexible),
        .init(bench.listedMetric.map(ScoreOrder.short) ?? "test", .fixed(7), .right),
      ], rows: bench.comparable.map(row), selection: bench.cursor(.compared),
      emptyText: bench.sessions.isKnown ? "no run has a log yet" : "looking for runs",
      glyphs: glyphs)
  }

  /// Means and tests below the list, behind an empty line; none where nothing is finished.
  private func footLines(_ width: Int) -> [StyledText] {
    let groups = groupLines(width)
    guard !groups.isEmpty else { return [] }
    let head = StyledText("by \(bench.compare.group.rawValue): mean ± sd", ink: .role(.muted))
    return [StyledText(""), head] + groups + RunTests(bench: bench).lines(width - 2, glyphs)
  }

  private func row(_ row: RunRow) -> [StyledText] {
    guard let place = bench.compare.chosen.firstIndex(of: row.folder) else {
      return ["", StyledText(bench.shownName(row)), score(row)]
    }
    let pin = bench.compare.pinned == row.folder ? "^" : ""
    let mark = StyledText(
      "\(RunMark.glyph(place, glyphs))\(RunMark.letter(place))\(pin)",
      ink: .role(RunMark.role(place)))
    return [mark, StyledText(bench.shownName(row)), score(row)]
  }

  private func score(_ row: RunRow) -> StyledText {
    guard row.summary.state == "done" else {
      let look = row.look(glyphs, isOn: false)
      return StyledText("\(look.glyph)", ink: .role(look.role))
    }
    return StyledText((bench.testScore(row)?.fixed(3) ?? "-") + mark(row.summary))
  }

  /// Of a run with two networks, whose score it is; as wide for all.
  private func mark(_ run: RunSummary) -> String {
    guard !run.otherScores.isEmpty else { return "  " }
    let result = ResultNetwork.of(run.method)
    let network = bench.compare.network == .result ? result : ResultNetwork.other(than: result)
    return " " + RunMark.network(network)
  }

  /// Mean and sample standard deviation over the finished runs of the open session.
  private func groupLines(_ width: Int) -> [StyledText] {
    let rows = (bench.sessions.rows.first { $0.name == bench.sessionName }?.runs ?? [])
      .filter { $0.summary.state == "done" }
    var order: [String] = []
    var groups: [String: [Double]] = [:]
    for row in rows {
      let name = bench.compare.group.name(row.summary)
      guard let score = bench.testScore(row) else { continue }
      if groups[name] == nil { order.append(name) }
      groups[name, default: []].append(score)
    }
    let spreads = order.compactMap { name in
      MeanAndDeviation(groups[name] ?? []).map { (name, $0) }
    }
    let hasCount = width >= 34
    let numbers = spreads.map { $0.1.text(hasCount).columns }.max() ?? 0
    let names = min(order.map(\.columns).max() ?? 0, max(6, width - 3 - numbers))
    return spreads.map { name, spread in
      let text = name.padded(to: names, ellipsis: glyphs.ellipsis)
      return StyledText("\(text) \(spread.text(hasCount))")
    }
  }
}

extension CompareState.Group {
  func name(_ run: RunSummary) -> String {
    switch self {
    case .method: run.method
    case .model: run.model
    case .both: "\(run.method) \(run.model)"
    }
  }
}

/// How the runs side by side are told apart, by letter, shape and colour.
enum RunMark {
  static func letter(_ place: Int) -> Character { Array("abcdef")[place % 6] }

  /// S or T.
  static func network(_ name: String) -> String { name.prefix(1).uppercased() }

  static func glyph(_ place: Int, _ glyphs: GlyphSet) -> Character { glyphs.marker(place) }

  static func role(_ place: Int) -> Role {
    [.series0, .series1, .series2, .series3, .series4, .series5][place % 6]
  }
}

/// ".731 ± .003 n=3".
struct MeanAndDeviation {
  let mean: Double
  /// Sample standard deviation; nil for a single value.
  let deviation: Double?
  let count: Int

  init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    deviation = values.count < 2 ? nil : (squares / Double(values.count - 1)).squareRoot()
    count = values.count
  }

  func text(_ hasCount: Bool) -> String {
    let spread = deviation.map { " ± \($0.fixed(3))" } ?? ""
    return "\(mean.fixed(3))\(spread)\(hasCount ? " n=\(count)" : "")"
  }
}
