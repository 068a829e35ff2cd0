import Canvas
import Lab

/// Watched clips at each step: what student and teacher say, how it moved, and whether the cell
/// counts in the first term.
struct WatchedPane: PaneView {
  let bench: Workbench

  var title: String {
    bench[.clips].watched.isEmpty ? "clips of the batch" : "watched clips"
  }
  var note: String { bench[.clips].watched.isEmpty ? "w on 4 Clips watches one" : "" }

  private static let track = 16

  /// Of the column; wider where marks of their own are drawn on it.
  private func trackWidth(_ rect: Rect) -> Int {
    bench.glyphs.hasPapers ? max(26, rect.width - 84) : 26
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    let rows = WatchedRow.all(bench)
    let hasTrack = rect.width >= 100
    var columns: [TableWidget.Column] = [
      .init("clip", .fixed(hasTrack ? 16 : 9)), .init("class", .flexible), .init("y", .fixed(1)),
      .init("S", .fixed(4), .right), .init("T", .fixed(4), .right),
      .init("T-S", .fixed(5), .right), .init("moved", .fixed(7), .right),
      .init(hasTrack ? "in \(term)" : "in", .fixed(hasTrack ? 14 : 3)),
    ]
    if hasTrack { columns.append(.init("0 S=student T=teacher 1", .fixed(trackWidth(rect)))) }
    let table = TableWidget(
      columns, rows: rows.map { row($0, isWide: hasTrack) },
      selection: bench.focused == .watched && !rows.isEmpty ? bench.cursor(.watched) : nil,
      emptyText: "the predictions of these clips come after the first step")
    let parts = rect.rows(.share(1), .fixed(rect.height > 5 && !rows.isEmpty ? 1 : 0))
    grid.draw(table, in: parts[0])
    if hasTrack, grid.glyphs.hasPapers { drawTracks(rows, table, in: parts[0], on: &grid) }
    grid.text(
      source, x: rect.x + 2, y: parts[1].y, ink: .role(.muted),
      maxWidth: parts[1].isEmpty ? 0 : rect.width - 2)
  }

  /// Which pass the answers are of; and that an older log does not say which cells count.
  private var source: String {
    let pass =
      switch WatchedRow.watchedPass(bench) {
      case .training: "S, T: training pass, dropout on; moved: asked, off"
      case .asked(let step):
        "S, T, moved: asked" + (step.map { " after step \($0)" } ?? "") + ", dropout off"
      }
    let rows = WatchedRow.all(bench)
    guard rows.contains(where: { $0.part == .unknown }), WatchedRow.watchedTerm(bench) != nil else {
      return pass
    }
    return "\(pass); this log does not say what counts"
  }

  private var term: String {
    WatchedRow.watchedTerm(bench)?.name ?? bench.run.terms.first?.name ?? "loss"
  }

  private func row(_ row: WatchedRow, isWide: Bool) -> [StyledText] {
    let names = bench.dataset?.classes ?? []
    let mark = row.label.mark
    let letter = row.label.answer
    let shown = row.label == .masked ? String(bench.glyphs.label(.masked)) : letter
    let difference = row.teacher.flatMap { t in row.student.map { Double(t - $0) } }
    return [
      StyledText(row.clip),
      StyledText(names[at: row.classIndex] ?? ""),
      StyledText(shown, mark.role),
      StyledText(number(row.student), .student),
      StyledText(number(row.teacher), .teacher),
      StyledText(difference?.signed ?? "-"), StyledText(moved(row.moved)),
      StyledText(isWide ? row.part.text : row.part.short, .muted),
      StyledText(track(row)),
    ]
  }

  /// Both answers on a line from 0 to 1, and at its end a mark for what the label asks for.
  private func drawTracks(
    _ rows: [WatchedRow], _ table: TableWidget, in rect: Rect, on grid: inout Grid
  ) {
    guard let place = table.place(ofColumn: 8, in: rect), place.count > 8 else { return }
    let width = place.count
    grid.fill(Rect(x: place.lowerBound, y: rect.y, width: width, height: 1))
    grid.text(
      [
        StyledText("0 ", .faint), StyledText("\(bench.glyphs.pick("●", "S")) student ", .student),
        StyledText("\(bench.glyphs.label(.teacher)) teacher", .teacher),
      ], x: place.lowerBound, y: rect.y, maxWidth: width - 2)
    grid.text("1", x: place.upperBound - 1, y: rect.y, ink: .role(.faint))
    for y in rect.y..<rect.bottom {
      guard let line = table.row(at: y, in: rect), let row = rows[at: line] else { continue }
      let track = Rect(x: place.lowerBound, y: y, width: width, height: 1)
      grid.fill(track)
      grid.dots(
        [
          (row.student.map { Double($0) } ?? .nan, .role(.student), bench.glyphs.pick("●", "S")),
          (row.teacher.map { Double($0) } ?? .nan, .role(.teacher), bench.glyphs.label(.teacher)),
        ], in: track)
      if row.label.isObserved {
        let x = row.label.isPositive ? place.upperBound - 1 : place.lowerBound
        grid.put(bench.glyphs.pick("│", "|"), x: x, y: y, ink: .role(row.label.mark.role))
      }
      if line == table.selection { grid.select(track, pointer: false) }
    }
  }

  private func number(_ value: Float?) -> String { value.map { Double($0).fixed(2) } ?? "-" }

  private func moved(_ change: Float?) -> String {
    guard let change else { return "-" }
    let value = Double(change)
    let isSmall = change != 0 && abs(change) < 0.0005
    return (change > 0 ? "+" : "") + (isSmall ? value.scientific : value.fixed(3))
  }

  /// Both answers on a line from 0 to 1; `*` where they meet.
  private func track(_ row: WatchedRow) -> String {
    var cells = [Character](repeating: bench.glyphs.dot, count: Self.track)
    for (value, letter) in [(row.student, Character("S")), (row.teacher, "T")] {
      guard let value, value.isFinite else { continue }
      let at = min(Self.track - 1, max(0, Int(value * Float(Self.track))))
      cells[at] = cells[at] == bench.glyphs.dot ? letter : "*"
    }
    return "|\(String(cells))|"
  }
}

/// The batch of the step: how many of its labels are observed, and each clip's labels in the order
/// of the classes.
struct BatchPane: PaneView {
  let bench: Workbench

  var title: String { "batch" }
  var note: String { bench.run.walk.last.map { "\($0.clips.count) clips" } ?? "" }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let walked = bench.run.walk.last, let dataset = bench.dataset else {
      let text = bench.dataset == nil ? "no data set is open" : "no batch yet"
      return grid.notice(text, in: rect)
    }
    let counts = WatchedRow.batchCounts(bench, dataset)
    let head = lines(counts).flatMap { $0.folded(to: rect.width - 2) }
    let parts = rect.rows(.fixed(min(head.count, rect.height)), .share(1))
    grid.notice(head, in: parts[0])
    let places = Dictionary(
      dataset.clips.indices.map { (dataset.clips[$0].id, $0) }
    ) { first, _ in first }
    let window = ListWindow(
      cursor: bench.cursor(.batch), count: walked.clips.count, rows: parts[1].height)
    for (row, i) in window.range.enumerated() {
      let id = walked.clips[i], y = parts[1].y + row
      let isWatched = bench[.clips].watched.contains(id)
      grid.text(isWatched ? "w" : " ", x: rect.x, y: y, ink: .role(.warn))
      grid.text(id, x: rect.x + 1, y: y, maxWidth: nameWidth(rect))
      guard let index = places[id] else { continue }
      let left = rect.x + nameWidth(rect) + 2
      let heat = Rect(
        x: left + dataset.classes.count + 2, y: y,
        width: max(0, rect.right - left - dataset.classes.count - 3), height: 1)
      drawLabels(dataset, index, x: left, y, rect.right, on: &grid)
      drawGap(of: id, in: heat, on: &grid)
    }
  }

  /// Teacher less student over the classes, as colors: in each cell the largest difference of its
  /// classes.
  private func drawGap(of id: String, in rect: Rect, on grid: inout Grid) {
    guard grid.glyphs.paintsRamps, rect.width >= 6, let gap = gap(of: id), !gap.isEmpty else {
      return
    }
    let cells = min(rect.width, gap.count)
    for x in 0..<cells {
      let part = gap[
        x * gap.count / cells..<max(x * gap.count / cells + 1, (x + 1) * gap.count / cells)]
      let value = part.max { abs($0) < abs($1) } ?? 0
      let level = ColorRamp.level(0.5 + Double(value) / 2)
      grid.put("▆", x: rect.x + x, y: rect.y, ink: .ramp(.diverging, level))
    }
  }

  private func gap(of id: String) -> [Float]? {
    func answers(_ phase: PhaseChange.Name) -> [Float]? {
      guard let told = bench.run.walk.first(where: { $0.phase == phase }),
        let row = told.clips.firstIndex(of: id)
      else { return nil }
      return told.answers?[at: row]
    }
    guard let student = answers(.studentFwd), let teacher = answers(.teacherFwd),
      student.count == teacher.count
    else { return nil }
    return zip(teacher, student).map { $0 - $1 }
  }

  private func nameWidth(_ rect: Rect) -> Int { rect.width < 40 ? 10 : 18 }

  private func lines(_ counts: LabelCounts) -> [StyledText] {
    let masked = counts.other > 0 ? ", masked \(counts.other)" : ""
    let hasGap = bench.run.walk.contains { $0.phase == .teacherFwd && $0.answers != nil }
    return [
      StyledText("observed \(counts.observed) of \(counts.total)", .title),
      StyledText(
        "\(counts.positive) pos, \(counts.negative) neg, missing \(counts.missing)\(masked)"),
    ]
      + (hasGap && bench.glyphs.paintsRamps
        ? [StyledText("colors: blue student, gold teacher higher", .muted)] : [])
  }

  private func drawLabels(
    _ dataset: OpenDataset, _ index: Int, x: Int, _ y: Int, _ end: Int,
    on grid: inout Grid
  ) {
    for c in dataset.classes.indices where x + c < end {
      let state = bench[.missing].state(of: c, index, dataset)
      let mark = state.mark
      grid.put(bench.glyphs.label(mark), x: x + c, y: y, ink: .role(mark.role))
    }
  }
}
