import Canvas
import Lab

/// Per class: how many labels are missing and how the observed ones divide.
struct ShareTable: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String { "per class" }
  var note: String { "sort: \(bench.missing.order.rawValue)" }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let dataset = bench.dataset else {
      grid.draw(Notice([StyledText("-", ink: .role(.muted))], glyphs: glyphs), in: rect)
      return
    }
    let table = Table(
      [
        .init("class", .flexible), .init("missing", .fixed(7), .right),
        .init("pos", .fixed(5), .right), .init("neg", .fixed(5), .right),
      ],
      texts: bench.mapClasses.map { c in
        let counts = dataset.counts[c]
        return [
          dataset.classes[c], counts.missingShare.percent, "\(counts.positive)",
          "\(counts.negative)",
        ]
      }, selection: bench.cursor(.shares), glyphs: glyphs)
    grid.draw(table, in: rect)
  }
}
