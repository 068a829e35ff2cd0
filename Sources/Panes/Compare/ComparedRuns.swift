import Canvas
import Lab
import Metrics

/// Runs to choose from, the chosen ones with their marks, and the means of the open session.
struct ComparedRuns: PaneView {
  let bench: Workbench

  var title: String {
    (bench[.compare].network == .result ? "runs" : "other networks") + bench.listMarks(.compared)
  }
  var note: String { "\(bench[.compare].chosen.count) of \(CompareScreen.comparable(bench).count)" }

  func draw(in rect: Rect, on grid: inout Grid) {
    let foot = footLines(rect.width)
    let parts = parts(rect, foot)
    grid.draw(table(parts[0]), in: parts[0])
    grid.lines(foot, in: parts[1])
    drawIntervals(foot, in: parts[1], on: &grid)
  }

  /// Beside each mean a dot on a common scale, with one standard deviation to both sides.
  private func drawIntervals(_ foot: [StyledText], in rect: Rect, on grid: inout Grid) {
    let spreads = spreads
    let reach = spreads.flatMap { [$0.1.mean - ($0.1.std ?? 0), $0.1.mean + ($0.1.std ?? 0)] }
    // Below an empty line and the heading.
    let lines = foot.dropFirst(2).prefix(spreads.count)
    let left = (lines.map(\.text.columns).max() ?? 0) + 3
    guard let low = reach.min(), let high = reach.max(), rect.width - left >= 12 else { return }
    let axis = Axis(fitting: [low, high])
    let scale = Rect(x: rect.x + left, y: rect.y, width: rect.width - left - 1, height: 1)
    for (i, (name, spread)) in spreads.enumerated() where i + 2 < rect.height {
      var row = scale
      row.y += i + 2
      let share = { axis.position($0) ?? 0 }
      let deviation = spread.std ?? 0
      grid.interval(
        share(spread.mean - deviation), share(spread.mean), share(spread.mean + deviation),
        ink: .role(role(ofGroup: name)), in: row)
    }
    grid.text(
      [StyledText(axis.low.short, .faint)], x: scale.x, y: rect.y, maxWidth: scale.width)
    let end = axis.high.short
    grid.text([StyledText(end, .faint)], x: scale.right - end.columns, y: rect.y)
  }

  func line(at y: Int, in rect: Rect) -> Int? {
    let place = parts(rect, footLines(rect.width))[0]
    return table(place).row(at: y, in: place)
  }

  private func parts(_ rect: Rect, _ foot: [StyledText]) -> [Rect] {
    rect.rows(.share(1), .fixed(min(foot.count, max(0, rect.height / 2))))
  }

  /// Cells are made for the rows that are drawn.
  private func table(_ rect: Rect) -> TableWidget {
    let rows = CompareScreen.listed(bench)
    let doubles = CompareScreen.doubles(CompareScreen.comparable(bench))
    let metric = CompareScreen.listedMetric(bench)
    let chosen = bench.shownRunColumns.map {
      Workbench.fitting($0, in: rect.width, beside: Self.markAndName)
    }
    let columns =
      chosen?.map { TableWidget.Column($0.title, .fixed($0.width), $0.alignment) }
      ?? [.init(metric.map(ScoreOrder.short) ?? "test", .fixed(7), .right)]
    let cursor = min(max(0, bench.cursors[.compared] ?? 0), max(0, rows.count - 1))
    var table = TableWidget(
      [.init("", .fixed(3)), .init("run", .flexible)] + columns,
      rows: Array(repeating: [], count: rows.count), selection: cursor, emptyText: empty)
    for place in table.drawnRows(in: rect) {
      let row = rows[place]
      table.rows[place] =
        head(row, doubles) + (chosen?.map { StyledText($0.text(row)) } ?? [score(row, metric)])
    }
    return table
  }

  /// Columns that the mark and the name of a run take at least, with the pointer.
  private static let markAndName = 2 + 4 + 12

  private var empty: String {
    guard bench.sessions != nil else { return "looking for runs" }
    return bench.filter(of: .compared).isEmpty ? "no run has a log yet" : "no match"
  }

  /// Means and tests below the list, after an empty line; empty without finished runs.
  private func footLines(_ width: Int) -> [StyledText] {
    let groups = groupLines(width)
    guard !groups.isEmpty else { return [] }
    let head = StyledText("by \(bench[.compare].group.rawValue): mean ± sd", .muted)
    return [StyledText(""), head] + groups + RunTests(bench: bench).lines(width - 2, bench.glyphs)
  }

  private func head(_ row: RunRow, _ doubles: Set<String>) -> [StyledText] {
    let name = CompareScreen.shownName(bench, row, among: doubles)
    guard let place = bench[.compare].chosen.firstIndex(of: row.folder) else {
      return ["", StyledText(name)]
    }
    let pin = bench[.compare].pinned == row.folder ? "^" : ""
    let mark = StyledText(
      "\(RunMark.glyph(place, bench.glyphs))\(RunMark.letter(place))\(pin)",
      RunMark.role(place))
    return [mark, StyledText(name)]
  }

  private func score(_ row: RunRow, _ metric: String?) -> StyledText {
    guard row.summary.state == "done" else {
      let look = row.look(bench.glyphs, isOn: false)
      return StyledText("\(look.glyph)", look.role)
    }
    let value = CompareScreen.testScore(bench, row, metric)
    return StyledText((value?.fixed(3) ?? "-") + mark(row.summary))
  }

  /// Of a run with two networks, whose score it is; as wide for all.
  private func mark(_ run: RunSummary) -> String {
    guard !run.otherScores.isEmpty else { return "  " }
    let result = ResultNetwork.of(run.method)
    let network = bench[.compare].network == .result ? result : ResultNetwork.other(than: result)
    return " " + RunMark.network(network)
  }

  /// The colour of its first run beside the others.
  private func role(ofGroup name: String) -> Role {
    let place = CompareScreen.compared(bench).firstIndex {
      CompareScreen.group(of: $0, bench) == name
    }
    return place.map(RunMark.role) ?? .muted
  }

  /// Mean and sample standard deviation over the finished runs of the open session.
  private var spreads: [(String, Spread)] {
    let rows = bench.sessionRuns.filter { $0.summary.state == "done" }
    let metric = CompareScreen.listedMetric(bench)
    var order: [String] = []
    var groups: [String: [Double]] = [:]
    for row in rows {
      let name = bench[.compare].group.name(row)
      guard let score = CompareScreen.testScore(bench, row, metric) else { continue }
      if groups[name] == nil { order.append(name) }
      groups[name, default: []].append(score)
    }
    return order.compactMap { name in Spread(groups[name] ?? []).map { (name, $0) } }
  }

  private func groupLines(_ width: Int) -> [StyledText] {
    let spreads = spreads
    let hasCount = width >= 34
    let numbers = spreads.map { $0.1.text(hasCount).columns }.max() ?? 0
    let names = min(spreads.map(\.0.columns).max() ?? 0, max(6, width - 3 - numbers))
    return spreads.map { name, spread in
      let text = name.padded(to: names)
      return StyledText("\(text) \(spread.text(hasCount))")
    }
  }
}

extension CompareState.Group {
  /// `key`: a swept key whose values are told apart elsewhere.
  func name(_ row: RunRow, leavingOut key: String? = nil) -> String {
    name(row.summary, in: row, leavingOut: key)
  }

  /// `row`: where the run stands in the table of its session; nil for a run of no session.
  func name(_ run: RunSummary, in row: RunRow?, leavingOut key: String? = nil) -> String {
    let swept = (row?.sweep ?? [:]).filter { $0.key != key }.sorted { $0.key < $1.key }
    return switch self {
    case .row: ([row?.variant ?? run.method] + swept.map(\.value)).joined(separator: " ")
    case .method: run.method
    case .model: run.model
    case .both: "\(run.method) \(run.model)"
    }
  }
}

extension CompareScreen {
  /// The group of a run that was read.
  static func group(of record: RunRecord, _ bench: Workbench) -> String {
    let row = (bench.sessions ?? []).lazy.flatMap(\.runs).first { $0.folder == record.folder }
    return bench[.compare].group.name(record.summary, in: row)
  }
}

/// How the runs side by side are told apart, by letter, shape and colour.
enum RunMark {
  static func letter(_ place: Int) -> Character { Array("abcdef")[place % 6] }

  /// S or T.
  static func network(_ name: String) -> String { name.prefix(1).uppercased() }

  static func glyph(_ place: Int, _ glyphs: GlyphSet) -> Character { glyphs.marker(place) }

  /// Those of student and teacher come last, so that a run is not taken for one of them.
  static func role(_ place: Int) -> Role {
    [.series2, .series5, .series4, .series3, .series0, .series1][place % 6]
  }
}

extension Spread {
  /// ".731 ± .003 n=3".
  func text(_ hasCount: Bool) -> String {
    let deviation = std.map { " ± \($0.fixed(3))" } ?? ""
    return "\(mean.fixed(3))\(deviation)\(hasCount ? " n=\(count)" : "")"
  }
}

/// Whether the chosen runs differ from the reference, group by group: the difference, p, and how
/// many seeds and classes it rests on.
struct RunTests {
  let bench: Workbench

  /// "b1 - b0 +0.015 p .030" and what was paired: once where it is the same for all. Names give way
  /// to the numbers.
  func lines(_ width: Int, _ glyphs: GlyphSet) -> [StyledText] {
    let found = comparisons
    guard let first = found.first?.1 else { return [] }
    let isSame = found.allSatisfy { paired($0.1) == paired(first) }
    let rows = found.map { name, comparison -> StyledText in
      let mean = (comparison.mean > 0 ? "+" : "") + comparison.mean.fixed(3)
      let own = isSame ? "" : " \(paired(comparison))"
      let numbers = "\(mean) p \(Self.text(comparison.pValue))\(own)"
      let room = max(6, width - numbers.columns - 1)
      let shown = name.columns > room ? name.padded(to: room) : name
      return StyledText("\(shown) \(numbers)")
    }
    let what = paired(first)
    let whose = lettersWhereSome ?? "paired"
    let note = what.columns + whose.columns + 2 > width ? what : "\(whose): \(what)"
    return rows + (isSame ? [StyledText(note, .muted)] : [])
  }

  /// "a-d" where the means above are of more runs than those that lie side by side, so that their
  /// differences are others.
  private var lettersWhereSome: String? {
    let done = bench.sessionRuns.filter { $0.summary.state == "done" }
    let groups = Set(CompareScreen.compared(bench).map { CompareScreen.group(of: $0, bench) })
    let isPart = done.contains { row in
      groups.contains(bench[.compare].group.name(row))
        && !bench[.compare].chosen.contains(row.folder)
    }
    let last = bench[.compare].chosen.count - 1
    return isPart && last > 0 ? "a-\(RunMark.letter(last))" : nil
  }

  /// "5 seeds x 20 classes"; over classes alone nothing is said of other seeds.
  private func paired(_ comparison: RunComparison) -> String {
    guard comparison.seeds > 1 else { return "\(comparison.classes) classes; one seed" }
    let classes = comparison.classes > 1 ? " x \(comparison.classes) classes" : ""
    return "\(comparison.seeds) seeds\(classes)"
  }

  /// Of the chosen runs, each group that is not the reference's.
  private var comparisons: [(String, RunComparison)] {
    guard let base = CompareScreen.reference(bench),
      let metric = CompareScreen.comparedMetric(bench)
    else { return [] }
    let compared = CompareScreen.compared(bench).map { (CompareScreen.group(of: $0, bench), $0) }
    let reference = CompareScreen.group(of: base, bench)
    var names: [String] = []
    for (name, _) in compared where !names.contains(name) { names.append(name) }
    func runs(_ name: String) -> [RunRecord] { compared.filter { $0.0 == name }.map(\.1) }
    return names.filter { $0 != reference }.compactMap { name in
      RunComparison(
        of: metric, runs(name), against: runs(reference), network: bench[.compare].network
      ).map {
        ("\(name) - \(reference)", $0)
      }
    }
  }

  /// ".03", "<.001".
  private static func text(_ p: Double) -> String {
    p < 0.001 ? "<.001" : String(p.fixed(p < 0.1 ? 3 : 2).dropFirst(p < 1 ? 1 : 0))
  }
}
