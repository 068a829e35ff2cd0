import Canvas
import Lab

/// The loss of one step as a formula with its numbers filled in, and the ledger behind it.
struct FormulaPane: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String { "loss of this step" }
  var note: String { "step \(step)" }
  private var step: Int { bench.run.walk.isEmpty ? bench.run.termsStep : bench.run.walkStep }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard !terms.isEmpty else {
      let text = "the losses come after the forward passes: P goes on"
      grid.draw(Notice([StyledText(text, ink: .role(.muted))], glyphs: glyphs), in: rect)
      return
    }
    let rows = terms.map(row) + (terms.count > 1 ? [["total", "", "", StyledText(sum.short)]] : [])
    let parts = rect.rows(.fixed(min(rows.count + 1, rect.height)), .share(1))
    let columns: [Table.Column] = [
      .init("term", .flexible), .init("value", .fixed(6), .right), .init("w", .fixed(5), .right),
      .init("contrib", .fixed(7), .right), .init("|grad|", .fixed(6), .right),
      .init("cos", .fixed(5), .right), .init("share", .fixed(5), .right),
    ]
    let room = rect.width < 52 ? 1 : 0
    grid.draw(Table(Array(columns.dropLast(room)), rows: rows, glyphs: glyphs), in: parts[0])
    grid.draw(Notice(lines, glyphs: glyphs), in: parts[1])
  }

  /// Of the phase shown; before the losses are there, none.
  private var terms: [TermReport] { bench.run.walk.last?.terms ?? bench.run.terms }
  private var sum: Double { terms.reduce(0) { $0 + $1.contribution } }

  private func row(_ term: TermReport) -> [StyledText] {
    let ink: Ink = term.flags.isEmpty ? .plain : .role(.fault)
    return [
      StyledText(term.name, ink: ink), StyledText(term.value.short),
      StyledText(term.weight.short), StyledText(term.contribution.short),
      StyledText(term.gradNorm?.short ?? "-"), StyledText(term.cosWithSupervised?.signed ?? "-"),
      StyledText(sum == 0 ? "-" : (term.contribution / sum).percent),
    ]
  }

  private var lines: [StyledText] {
    var lines = [StyledText(formula, ink: .role(.title))]
    if let before { lines.append(StyledText("step before \(before.fixed(4)): \(change(before))")) }
    lines += terms.map {
      let whole = $0.denominator == $0.entries ? "every cell" : "\($0.denominator) cells"
      return StyledText("\($0.name): mean over \(whole) of \($0.entries)", ink: .role(.muted))
    }
    lines += terms.compactMap { $0.alarm(step) }.map { StyledText($0, ink: .role(.fault)) }
    return lines
  }

  /// "total = 0.2141 + 0.50 · 0.0127 = 0.2205".
  private var formula: String {
    let parts = terms.map {
      $0.weight == 1
        ? $0.value.fixed(4) : "\(factor($0.weight)) \(glyphs.dot) \($0.value.fixed(4))"
    }
    let filled = parts.joined(separator: " + ")
    return terms.count == 1 && terms[0].weight == 1
      ? "total = \(filled)" : "total = \(filled) = \(sum.fixed(4))"
  }

  private func change(_ before: Double) -> String {
    let change = sum - before
    return (change > 0 ? "+" : "") + change.fixed(4)
  }

  /// Two decimals, more where those would be 0.
  private func factor(_ weight: Double) -> String {
    abs(weight) >= 0.1 || weight == 0 ? weight.fixed(2) : weight.short
  }

  /// The total of the step before this one.
  private var before: Double? {
    guard let totals = bench.run.series["loss/total"],
      let place = totals.steps.lastIndex(where: { $0 < UInt32(clamping: step) }),
      Int(totals.steps[place]) == step - 1
    else { return nil }
    return Double(totals.values[place])
  }
}
