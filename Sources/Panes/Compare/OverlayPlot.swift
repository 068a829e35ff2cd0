import Canvas
import Lab

/// The chosen metric of every chosen run on one plot, of the network that is compared: S or T
/// behind the letter of a run that has two.
struct OverlayPlot: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String {
    let marks = bench.compared.indices.map {
      "\(RunMark.glyph($0, glyphs))\(bench.mark($0))"
    }
    return (["validation \(bench.comparedMetric ?? "")"] + marks).joined(separator: " ")
  }

  var note: String { "x: \(bench.compare.axis.rawValue)" }

  func draw(in rect: Rect, on grid: inout Grid) {
    let records = bench.compared
    guard !records.isEmpty, let metric = bench.comparedMetric else {
      let waits = !bench.compare.chosen.isEmpty && records.isEmpty
      let text = waits ? "reading the logs" : "space adds the run under the cursor"
      grid.draw(Notice([StyledText(text, ink: .role(.muted))], glyphs: glyphs), in: rect)
      return
    }
    let curves = records.enumerated().map { curve($1, $0, metric) }
    let top = bench.compare.pinned.flatMap { url in records.firstIndex { $0.folder == url } }
    let plot = LinePlot(
      curves, selected: top ?? 0,
      xName: bench.compare.axis == .time ? "s" : bench.compare.axis.rawValue,
      emptyText: "no evaluation of \(metric)", glyphs: glyphs)
    grid.draw(plot, in: rect)
  }

  private func curve(_ record: RunRecord, _ place: Int, _ metric: String) -> Curve {
    let points = record.curve(metric, of: bench.compare.network)
    return Curve(
      record.summary.name, letter: RunMark.letter(place), ink: .role(RunMark.role(place)),
      x: points.map(position), y: points.map(\.value))
  }

  private func position(_ point: RunRecord.Point) -> Double {
    switch bench.compare.axis {
    case .step: Double(point.step)
    case .epoch: Double(point.epoch)
    case .time: point.seconds
    }
  }
}

extension Workbench {
  /// "a", and "aT" where the run has two networks and the teacher is compared.
  func mark(_ place: Int) -> String {
    let letter = String(RunMark.letter(place))
    guard compared.indices.contains(place), compared[place].hasPair else { return letter }
    return letter + RunMark.network(compared[place].network(compare.network))
  }
}
