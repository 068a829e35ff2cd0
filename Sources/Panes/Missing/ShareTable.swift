import Canvas
import Lab

/// Per class: how many labels are missing, how the observed ones divide, and what of the missing
/// ones a method masks: how many, from which teacher's probability on, how many of them rightly.
struct ShareTable: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String { "per class" }
  var note: String { "sort: \(bench[.missing].order.rawValue)" }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let dataset = bench.dataset else {
      grid.draw(Notice([StyledText("-", ink: .role(.muted))], glyphs: glyphs), in: rect)
      return
    }
    let mask = bench[.missing].shownMask
    let foot = mask.map { mask in
      StyledText(bench[.missing].preview?.summary ?? mask.summary, ink: .role(.muted))
        .folded(to: rect.width - 2)
    }
    let lines = rect.height > 10 ? foot ?? [] : []
    let parts = rect.rows(.share(1), .fixed(lines.count))
    let table = Table(
      columns(rect.width),
      texts: MissingScreen.mapClasses(bench).map { row(dataset, $0, rect.width) },
      selection: bench.cursor(.shares), glyphs: glyphs)
    grid.draw(table, in: parts[0])
    grid.draw(Notice(lines, glyphs: glyphs), in: parts[1])
  }

  private func columns(_ width: Int) -> [Table.Column] {
    let counts: [Table.Column] = [.init("pos", .fixed(5), .right), .init("neg", .fixed(5), .right)]
    guard bench[.missing].shownMask != nil else {
      return [.init("class", .flexible), .init("missing", .fixed(7), .right)] + counts
    }
    return [
      .init("class", .flexible), .init("miss", .fixed(4), .right),
      .init("mask", .fixed(4), .right), .init("from", .fixed(4), .right),
      .init("prec", .fixed(4), .right),
    ] + (width < 42 ? [] : counts)
  }

  private func row(_ dataset: OpenDataset, _ c: Int, _ width: Int) -> [String] {
    let counts = dataset.counts[c]
    let tail = ["\(counts.positive)", "\(counts.negative)"]
    let head = [dataset.classes[c], counts.missingShare.percent]
    guard let facts = bench[.missing].shownMask?.classes[c] else { return head + tail }
    return head + [
      "\(facts.masked)", facts.threshold.map { Double($0).fixed(2) } ?? "-",
      facts.precision?.fixed(2) ?? "-",
    ] + tail
  }
}
