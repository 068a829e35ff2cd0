import Canvas
import Lab

/// Watched clips at each step: what student and teacher say, how it moved, and whether the cell
/// counts in the first term.
struct WatchedPane: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String {
    bench[.clips].watched.isEmpty ? "clips of the batch" : "watched clips"
  }
  var note: String { bench[.clips].watched.isEmpty ? "w on 4 Clips watches one" : "" }

  private static let track = 16

  func draw(in rect: Rect, on grid: inout Grid) {
    let rows = WatchedRow.all(bench)
    let hasTrack = rect.width >= 100
    var columns: [Table.Column] = [
      .init("clip", .fixed(hasTrack ? 16 : 9)), .init("class", .flexible), .init("y", .fixed(1)),
      .init("S", .fixed(4), .right), .init("T", .fixed(4), .right),
      .init("T-S", .fixed(5), .right), .init("moved", .fixed(7), .right),
      .init(hasTrack ? "in \(term)" : "in", .fixed(hasTrack ? 14 : 3)),
    ]
    if hasTrack { columns.append(.init("0 S=student T=teacher 1", .fixed(26))) }
    let table = Table(
      columns, rows: rows.map { row($0, isWide: hasTrack) },
      selection: bench.focused == .watched && !rows.isEmpty ? bench.cursor(.watched) : nil,
      emptyText: "the predictions of these clips come after the first step", glyphs: glyphs)
    let parts = rect.rows(.share(1), .fixed(rect.height > 5 && !rows.isEmpty ? 1 : 0))
    grid.draw(table, in: parts[0])
    grid.text(
      source, x: rect.x + 2, y: parts[1].y, ink: .role(.muted),
      maxWidth: parts[1].isEmpty ? 0 : rect.width - 2,
      ellipsis: glyphs.ellipsis)
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
    let shown = row.label == .masked ? String(glyphs.label(.masked)) : letter
    let difference = row.teacher.flatMap { t in row.student.map { Double(t - $0) } }
    return [
      StyledText(row.clip),
      StyledText(names.indices.contains(row.classIndex) ? names[row.classIndex] : ""),
      StyledText(shown, ink: .role(mark.role)),
      StyledText(number(row.student), ink: .role(.student)),
      StyledText(number(row.teacher), ink: .role(.teacher)),
      StyledText(difference?.signed ?? "-"), StyledText(moved(row.moved)),
      StyledText(isWide ? row.part.text : row.part.short, ink: .role(.muted)),
      StyledText(track(row)),
    ]
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
    var cells = [Character](repeating: glyphs.dot, count: Self.track)
    for (value, letter) in [(row.student, Character("S")), (row.teacher, "T")] {
      guard let value, value.isFinite else { continue }
      let at = min(Self.track - 1, max(0, Int(value * Float(Self.track))))
      cells[at] = cells[at] == glyphs.dot ? letter : "*"
    }
    return "|\(String(cells))|"
  }
}
