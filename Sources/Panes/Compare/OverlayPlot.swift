import Canvas
import Lab

/// The chosen metric of every chosen run on one plot, of the network that is compared: S or T
/// behind the letter of a run that has two.
struct OverlayPlot: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String {
    let marks = CompareScreen.compared(bench).indices.map {
      "\(RunMark.glyph($0, glyphs))\(CompareScreen.mark(bench, $0))"
    }
    return (["validation \(CompareScreen.comparedMetric(bench) ?? "")"] + marks).joined(
      separator: " ")
  }

  var note: String { "x: \(bench[.compare].axis.rawValue)" }

  func draw(in rect: Rect, on grid: inout Grid) {
    let records = CompareScreen.compared(bench)
    guard !records.isEmpty, let metric = CompareScreen.comparedMetric(bench) else {
      let waits = !bench[.compare].chosen.isEmpty && records.isEmpty
      let text = waits ? "reading the logs" : "space adds the run under the cursor"
      grid.draw(Notice([StyledText(text, ink: .role(.muted))], glyphs: glyphs), in: rect)
      return
    }
    let curves = records.enumerated().map { curve($1, $0, metric) }
    let top = bench[.compare].pinned.flatMap { url in records.firstIndex { $0.folder == url } }
    let plot = LinePlot(
      curves, selected: top ?? 0,
      xName: bench[.compare].axis == .time ? "s" : bench[.compare].axis.rawValue,
      emptyText: "no evaluation of \(metric)", glyphs: glyphs)
    grid.draw(plot, in: rect)
  }

  private func curve(_ record: RunRecord, _ place: Int, _ metric: String) -> Curve {
    let points = record.curve(metric, of: bench[.compare].network)
    return Curve(
      record.summary.name, letter: RunMark.letter(place), ink: .role(RunMark.role(place)),
      x: points.map(position), y: points.map(\.value))
  }

  private func position(_ point: RunRecord.Point) -> Double {
    switch bench[.compare].axis {
    case .step: Double(point.step)
    case .epoch: Double(point.epoch)
    case .time: point.seconds
    }
  }
}
