import Canvas
import Lab

/// The batch of the step: how many of its labels are observed, and each clip's labels in the order
/// of the classes.
struct BatchPane: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String { "batch" }
  var note: String { bench.run.walk.last.map { "\($0.clips.count) clips" } ?? "" }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let walked = bench.run.walk.last, let dataset = bench.dataset else {
      let text = bench.dataset == nil ? "no data set is open" : "no batch yet"
      grid.draw(Notice([StyledText(text, ink: .role(.muted))], glyphs: glyphs), in: rect)
      return
    }
    let numbers = MissingScreen.trainingNumbers(bench, dataset)
    let counts = WatchedRow.batchCounts(bench, dataset, numbers)
    let head = lines(counts).flatMap { $0.folded(to: rect.width - 2) }
    let parts = rect.rows(.fixed(min(head.count, rect.height)), .share(1))
    grid.draw(Notice(head, glyphs: glyphs), in: parts[0])
    let places = Dictionary(
      dataset.clips.indices.map { (dataset.clips[$0].id, $0) }
    ) { first, _ in first }
    let window = ListWindow(
      cursor: bench.cursor(.batch), count: walked.clips.count, rows: parts[1].height)
    for (row, i) in window.range.enumerated() {
      let id = walked.clips[i], y = parts[1].y + row
      let isWatched = bench[.clips].watched.contains(id)
      grid.text(isWatched ? "w" : " ", x: rect.x, y: y, ink: .role(.warn))
      grid.text(id, x: rect.x + 1, y: y, maxWidth: nameWidth(rect), ellipsis: glyphs.ellipsis)
      guard let index = places[id] else { continue }
      drawLabels(dataset, index, numbers, x: rect.x + nameWidth(rect) + 2, y, rect.right, on: &grid)
    }
  }

  private func nameWidth(_ rect: Rect) -> Int { rect.width < 40 ? 10 : 18 }

  private func lines(_ counts: LabelCounts) -> [StyledText] {
    let masked = counts.other > 0 ? ", masked \(counts.other)" : ""
    return [
      StyledText("observed \(counts.observed) of \(counts.total)", ink: .role(.title)),
      StyledText(
        "\(counts.positive) pos, \(counts.negative) neg, missing \(counts.missing)\(masked)"),
    ]
  }

  private func drawLabels(
    _ dataset: OpenDataset, _ index: Int, _ numbers: [Int: Int], x: Int, _ y: Int, _ end: Int,
    on grid: inout Grid
  ) {
    for c in dataset.classes.indices where x + c < end {
      let state = bench[.missing].state(of: c, index, dataset, trainingNumbers: numbers)
      let mark = state.mark
      grid.put(glyphs.label(mark), x: x + c, y: y, ink: .role(mark.role))
    }
  }
}
