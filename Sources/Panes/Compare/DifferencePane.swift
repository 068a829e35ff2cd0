import Canvas
import Lab

/// The settings in which the chosen runs differ (or all of them), or how their test scores differ
/// class by class.
struct DifferencePane: PaneView {
  let bench: Workbench

  var title: String {
    if let varied = VariedScores(bench) { return "mean ± sd, test \(varied.measure)" }
    if bench[.compare].showsDeltas { return DeltaPane(bench: bench).title }
    return bench[.compare].showsAllSettings ? "settings" : "settings that differ"
  }
  var note: String {
    if let varied = VariedScores(bench) { return varied.key }
    if bench[.compare].showsDeltas { return "v settings" }
    return bench[.compare].showsAllSettings ? "v classes" : "v all"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    if let varied = VariedScores(bench) {
      let selection = bench.focused == .differences ? bench.cursor(.differences) : nil
      return grid.draw(varied.table(rect.width, selection: selection), in: rect)
    }
    if bench[.compare].showsDeltas {
      DeltaPane(bench: bench).draw(in: rect, on: &grid)
      return
    }
    let records = CompareScreen.compared(bench)
    let width = max(6, (rect.width - 20) / max(1, records.count) - 1)
    let columns = records.indices.map {
      TableWidget.Column(
        "\(RunMark.letter($0)): \(records[$0].summary.method)", .fixed(min(22, width)))
    }
    let table = TableWidget(
      [.init("setting", .fixed(16))] + columns, rows: rows(records),
      selection: bench.focused == .differences ? bench.cursor(.differences) : nil,
      emptyText: records.count < 2 ? "two runs can be compared" : "no setting differs")
    grid.draw(table, in: rect)
  }

  private func rows(_ records: [RunRecord]) -> [[StyledText]] {
    let settings = CompareScreen.comparedSettings(bench).map { key in
      [StyledText(VariedScores.name(key))]
        + records.map { StyledText($0.settings[key] ?? "-") }
    }
    guard !records.isEmpty else { return [] }
    let cost = records.map { StyledText($0.seconds.map(\.clock) ?? "-", .muted) }
    return settings + networks(records) + [[StyledText("cost", .muted)] + cost]
      + bands(records)
  }

  /// Whose scores are compared, where a run has two networks.
  private func networks(_ records: [RunRecord]) -> [[StyledText]] {
    guard records.contains(where: \.hasPair) else { return [] }
    let cells = records.map { record in
      StyledText(record.hasPair ? record.network(bench[.compare].network) : "-", .muted)
    }
    return [[StyledText("network", .muted)] + cells]
  }

  /// The bounds of the test score over all possible values of the missing test labels.
  private func bands(_ records: [RunRecord]) -> [[StyledText]] {
    guard let metric = CompareScreen.comparedMetric(bench) else { return [] }
    let found = records.map {
      ScoreOrder.bounds(of: metric, in: $0.test(of: bench[.compare].network))
    }
    guard found.contains(where: { $0 != nil }) else { return [] }
    let cells = found.map { StyledText($0 ?? "-", .muted) }
    return [[StyledText("if all known", .muted)] + cells]
  }
}

/// Per class: the score of the reference run, and the difference of each other run from it.
struct DeltaPane: PaneView {
  let bench: Workbench

  var title: String { "test \(measure) by class" }
  var note: String { reference.map { "from \($0)" } ?? "" }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let base = CompareScreen.reference(bench), let scores = classes(base) else {
      let text = "classes are compared when a chosen run has been tested"
      return grid.notice(text, in: rect)
    }
    let others = CompareScreen.compared(bench).enumerated().filter { $1.folder != base.folder }
    let names = min(16, max(5, scores.map(\.name.columns).max() ?? 0))
    let width = rect.width < 80 ? min(12, names) : names
    let hasDots = rect.width - width - 9 - 7 * others.count >= Self.leastDots
    let head: [TableWidget.Column] =
      hasDots ? [.init("class", .fixed(width)), .init("", .flexible)] : [.init("class", .flexible)]
    let table = TableWidget(
      head + [.init(reference ?? "", .fixed(5), .right)]
        + others.map { .init(CompareScreen.mark(bench, $0.offset), .fixed(6), .right) },
      rows: scores.map { score in
        var cells = row(score, others.map { classes($0.element) })
        if hasDots { cells.insert("", at: 1) }
        return cells
      },
      selection: bench.focused == .deltas ? bench.cursor(.deltas) : nil)
    grid.draw(table, in: rect)
    if hasDots { drawDots(table, scores, in: rect, on: &grid) }
  }

  private static let leastDots = 12

  /// A mark per run on a common scale, the reference on top.
  private func drawDots(
    _ table: TableWidget, _ scores: [ClassScore], in rect: Rect, on grid: inout Grid
  ) {
    guard let place = table.place(ofColumn: 1, in: rect), place.count >= Self.leastDots else {
      return
    }
    let records = CompareScreen.compared(bench)
    let base = CompareScreen.reference(bench)?.folder
    let order =
      records.indices.filter { records[$0].folder != base }
      + records.indices.filter { records[$0].folder == base }
    let runs = order.map { run in
      let values = (classes(records[run]) ?? []).map { ($0.name, value($0)) }
      return ClassDots.Run(
        place: run, values: Dictionary(values) { first, _ in first }.compactMapValues(\.self))
    }
    let dots = ClassDots(names: scores.map(\.name), runs: runs, table: table)
    dots.draw(columns: place, in: rect, on: &grid)
  }

  private var reference: String? {
    guard let base = CompareScreen.reference(bench),
      let place = CompareScreen.compared(bench).firstIndex(where: { $0.folder == base.folder })
    else { return nil }
    return CompareScreen.mark(bench, place)
  }

  /// The score per class of which the compared metric is the mean.
  private var measure: String { ClassScore.title(of: metric) }

  private var metric: String { CompareScreen.comparedMetric(bench) ?? "" }

  private func classes(_ record: RunRecord) -> [ClassScore]? {
    record.test(of: bench[.compare].network)?.perClass
  }

  private func value(_ score: ClassScore?) -> Double? { score?.value(of: metric) }

  private func row(_ base: ClassScore, _ others: [[ClassScore]?]) -> [StyledText] {
    let own = value(base)
    let rest = others.map { scores -> StyledText in
      let other = value(scores?.first { $0.name == base.name })
      guard let own, let other else { return StyledText("-", .muted) }
      let mark =
        other - own >= 0.0995 ? bench.glyphs.up : own - other >= 0.0995 ? bench.glyphs.down : " "
      return StyledText("\(mark)\((other - own).signed)")
    }
    return [StyledText(base.name), StyledText(own?.fixed(3) ?? "-")] + rest
  }
}
