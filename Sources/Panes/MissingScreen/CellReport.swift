import Canvas
import Lab

/// The counts behind the cell under the cursor, as given and, where it is known, in truth.
struct CellReport: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String { "selection" }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let name = Self.name(bench), let counts = Self.counts(bench, bench.binSize) else {
      grid.draw(Notice([StyledText("-", ink: .role(.muted))], glyphs: glyphs), in: rect)
      return
    }
    let range = bench.cellRange
    var lines = [
      StyledText("\(name) × \(Self.span(range))", ink: .role(.title)),
      StyledText("given: \(Self.sentence(counts))"),
    ]
    if let truth = bench.missing.truth {
      let counts = truth.counts(of: bench.mapClasses[bench.cursor(.map)], in: range)
      lines.append(StyledText("truth: \(counts.positive) pos, \(counts.negative) neg"))
    }
    lines.append(StyledText("enter shows these clips on 4 Clips", ink: .role(.muted)))
    grid.draw(Notice(lines, glyphs: glyphs), in: rect)
  }

  /// The same on one line, for screens without this pane.
  static func line(_ bench: Workbench, columns: Int) -> String {
    let bin = bench.binSize(columns: columns)
    guard let name = name(bench), let counts = counts(bench, bin) else { return "" }
    return "\(name) × \(span(bench.cellRange(bin: bin))): \(sentence(counts))   enter opens"
  }

  private static func name(_ bench: Workbench) -> String? {
    let order = bench.mapClasses
    guard let dataset = bench.dataset, order.indices.contains(bench.cursor(.map)) else {
      return nil
    }
    return dataset.classes[order[bench.cursor(.map)]]
  }

  private static func counts(_ bench: Workbench, _ bin: Int) -> LabelCounts? {
    let order = bench.mapClasses
    guard order.indices.contains(bench.cursor(.map)) else { return nil }
    return bench.missing.given?.counts(
      of: order[bench.cursor(.map)], in: bench.cellRange(bin: bin))
  }

  private static func span(_ range: Range<Int>) -> String {
    range.count <= 1
      ? "clip \(range.lowerBound)" : "clips \(range.lowerBound)-\(range.upperBound - 1)"
  }

  private static func sentence(_ counts: LabelCounts) -> String {
    "\(counts.positive) pos, \(counts.negative) neg, \(counts.missing) missing"
  }
}
