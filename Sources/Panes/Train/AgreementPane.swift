import Canvas
import Lab

/// How alike the model's distances and each extractor's are, over the epochs; and, of the clip
/// under the cursor, whom either of them puts next to it.
struct AgreementPane: PaneView {
  let bench: Workbench

  var title: String { "distance correlation" }
  var note: String {
    guard let shown = TrainScreen.shownDistances(bench) else { return "" }
    let epoch = bench.run.distanceEpochs[shown.extractor] ?? bench.run.epoch
    return "\(shown.clips.count) clips, epoch \(epoch)"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard !TrainScreen.comparedExtractors(bench).isEmpty else {
      let text = StyledText("1: both arrange the clips alike", .muted)
      let small = rect.width < 58 ? TrainScreen.noDistances(bench).map { StyledText($0) } : []
      return grid.notice([text] + small, in: rect)
    }
    let ids = TrainScreen.comparedExtractors(bench)
    let hasPlot = rect.height >= 9 + ids.count
    let parts = rect.rows(
      .fixed(min(rect.height, ids.count + 1)), .fixed(rect.height > ids.count + 1 ? 1 : 0),
      .share(hasPlot ? 1 : 0))
    drawTable(ids, in: parts[0], on: &grid)
    grid.text(
      neighbours, x: rect.x + 1, y: parts[1].y, maxWidth: parts[1].isEmpty ? 0 : rect.width - 2)
    if hasPlot { grid.draw(plot(ids), in: parts[2]) }
  }

  private func drawTable(_ ids: [String], in rect: Rect, on grid: inout Grid) {
    let columns: [TableWidget.Column] = [
      .init("features", .fixed(9)), .init("dCor", .fixed(6), .right),
      .init("since ep 1", .fixed(10), .right), .init("|diff|", .fixed(6), .right),
      .init("since ep 1", .fixed(10), .right), .init("dCor by epoch", .flexible),
    ]
    let isHere = bench.focused == .agreement
    let table = TableWidget(
      columns, rows: ids.map(row), selection: isHere ? bench.cursor(.agreement) : nil)
    grid.draw(table, in: rect)
    let left = rect.x + 48
    for (line, id) in ids.enumerated() where rect.right > left + 4 && line + 1 < rect.height {
      let place = Rect(x: left, y: rect.y + line + 1, width: rect.right - left - 1, height: 1)
      grid.sparkline(history(id, "correlation").map(Double.init), range: 0...1, in: place)
    }
  }

  private func row(_ id: String) -> [StyledText] {
    let (correlation, difference) = (history(id, "correlation"), history(id, "difference"))
    return [
      StyledText(id), StyledText(correlation.last.map { Double($0).fixed(3) } ?? "-"),
      StyledText(change(correlation)),
      StyledText(difference.last.map { Double($0).fixed(3) } ?? "-"),
      StyledText(change(difference)), "",
    ]
  }

  private func history(_ id: String, _ name: String) -> [Float] {
    bench.run.series["distances/\(id)/\(name)"]?.values ?? []
  }

  /// An arrow and how far it went since the first epoch.
  private func change(_ values: [Float]) -> String {
    guard values.count > 1, let first = values.first, let last = values.last else { return "-" }
    let change = Double(last - first)
    return
      "\(change < 0 ? bench.glyphs.down : bench.glyphs.up) \(change > 0 ? "+" : "")"
      + change.fixed(3)
  }

  /// "clip 3 band-0012: model puts band-0007 next (0.12), vggish band-0031 (0.08)"
  private var neighbours: [StyledText] {
    guard let shown = TrainScreen.shownDistances(bench), let matrices = DistanceMatrices(shown)
    else {
      return []
    }
    let line = min(bench.cursor(.ownDistances), matrices.count - 1)
    func near(_ values: [Float]) -> String {
      guard let found = matrices.nearest(to: line, in: values) else { return "-" }
      return "\(shown.clips[matrices.order[found.line]]) \(Double(found.distance).fixed(2))"
    }
    return [
      StyledText("\(line + 1) \(shown.clips[matrices.order[line]])", .title),
      StyledText(": next to it is, by the model, \(near(matrices.ours))"),
      StyledText(", by \(shown.extractor), \(near(matrices.theirs))"),
    ]
  }

  /// All correlations over the planned epochs.
  private func plot(_ ids: [String]) -> LinePlot {
    let stepsPerEpoch = Double(max(1, bench.run.started?.stepsPerEpoch ?? 1))
    let roles: [Role] = [.series0, .series1, .series2, .series3]
    let curves = ids.enumerated().map { i, id in
      let series = bench.run.series["distances/\(id)/correlation"] ?? Series()
      return Curve(
        id, ink: .role(roles[i % roles.count]),
        x: series.steps.map { Double($0) / stepsPerEpoch }, y: series.values.map(Double.init))
    }
    let epochs = Double(max(1, bench.run.started?.plannedEpochs ?? 1, bench.run.epoch))
    return LinePlot(
      curves, xRange: 0...epochs, yRange: 0...1, selected: bench.cursor(.agreement),
      xName: "epoch")
  }
}
