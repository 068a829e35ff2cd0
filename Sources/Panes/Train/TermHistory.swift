import Canvas
import Lab

/// The loss terms where there is much room: what each adds to the loss, over how many labels, and
/// its share of the loss so far; below, the sum.
struct TermHistory: Widget {
  let bench: Workbench

  /// Columns from which the history has room.
  static let leastWidth = 80
  private static let numbers = 58

  private var terms: [TermReport] { bench.run.terms }

  func draw(in rect: Rect, on grid: inout Grid) {
    let plot = Rect(
      x: rect.x + Self.numbers, y: rect.y, width: max(0, rect.width - Self.numbers - 7), height: 1)
    let what = terms.count > 1 ? "share by step" : "value by step"
    grid.text(
      [StyledText(row("term", "value", "weight", "adds", "|grad|", "cos"), .faint)], x: rect.x + 1,
      y: rect.y, maxWidth: Self.numbers - 1)
    grid.text([StyledText(what, .faint)], x: plot.x, y: plot.y, maxWidth: plot.width)
    let foot = foot.flatMap { $0.folded(to: rect.width - 2) }
    let room = rect.height - 1 - foot.count
    let height = terms.count * 3 <= room ? 3 : terms.count * 2 <= room ? 2 : 1
    var y = rect.y + 1
    for (i, term) in terms.enumerated() where y + min(height, 2) <= rect.bottom - foot.count {
      draw(term, i, height, at: y, plot, rect, &grid)
      y += height
    }
    grid.lines(
      foot,
      in: Rect(x: rect.x, y: max(y, rect.y), width: rect.width, height: max(0, rect.bottom - y)))
  }

  private func draw(
    _ term: TermReport, _ place: Int, _ height: Int, at y: Int, _ plot: Rect, _ rect: Rect,
    _ grid: inout Grid
  ) {
    let numbers = row(
      "", term.value.short, term.weightText, term.contribution.short,
      term.gradNorm?.short ?? "-", term.cosWithSupervised?.signed ?? "-")
    grid.text(
      numbers, x: rect.x + 1, y: y, ink: term.flags.isEmpty ? .plain : .role(.fault),
      maxWidth: Self.numbers - 1)
    grid.text(
      [StyledText("\(bench.glyphs.marker(0)) ", Self.role(place)), StyledText(term.name, .title)],
      x: rect.x + 1, y: y, maxWidth: 12)
    if height > 1 {
      grid.text(
        "mean over \(term.denominator)/\(term.entries) cells of the batch", x: rect.x + 3, y: y + 1,
        ink: .role(.muted), maxWidth: Self.numbers - 4)
    }
    let here = Rect(x: plot.x, y: y, width: plot.width, height: 1)
    let history = history(of: term, cells: here.width)
    let ink = Ink.role(Self.role(place))
    grid.sparkline(history, range: terms.count > 1 ? 0...1 : nil, ink: ink, in: here)
    guard terms.count > 1, let now = history.last, now.isFinite else { return }
    grid.text(now.percent.padded(to: 5, .right), x: here.right + 1, y: y, ink: .role(.title))
  }

  private static func role(_ place: Int) -> Role {
    [.series2, .series5, .series4, .series3][place % 4]
  }

  private func row(
    _ name: String, _ value: String, _ weight: String, _ adds: String, _ norm: String, _ cos: String
  ) -> String {
    name.padded(to: 13)
      + [value, weight, adds, norm, cos].map { $0.padded(to: 8, .right) }.joined()
  }

  /// For each cell the mean of a few of its steps, so that a long run costs no more than a short
  /// one: the share of the loss or, of a single term, its value.
  private func history(of term: TermReport, cells: Int) -> [Double] {
    guard let series = bench.run.series["loss/\(term.name)"], series.count > 0, cells > 0 else {
      return []
    }
    let total = bench.run.series["loss/total"], weight = bench.run.series["w/\(term.name)"]
    let count = min(cells, series.count)
    return (0..<count).map { cell in
      let start = cell * series.count / count, end = (cell + 1) * series.count / count
      let stride = max(1, (end - start) / 8)
      var sum = 0.0, steps = 0.0
      for i in Swift.stride(from: start, to: end, by: stride) {
        var value = Double(series.values[i])
        if terms.count > 1 {
          let whole = total?.values[at: i].map { Double($0) } ?? .nan
          value *= (weight?.values[at: i].map { Double($0) } ?? 1) / whole
        }
        guard value.isFinite else { continue }
        (sum, steps) = (sum + value, steps + 1)
      }
      return steps > 0 ? sum / steps : .nan
    }
  }

  /// "total 0.191 = 0.181 + 0.35 · 0.028", of which step the gradients are, and alarms.
  private var foot: [StyledText] {
    let step = bench.run.termsStep
    let sum = terms.reduce(0) { $0 + $1.contribution }
    let parts = terms.map { term in
      term.weight == 1
        ? term.value.short : "\(term.weightText) \(bench.glyphs.dot) \(term.value.short)"
    }
    let total = StyledText("total \(sum.short) = \(parts.joined(separator: " + "))")
    let age = terms.lazy.compactMap { $0.age(step) }.first.map {
      StyledText(
        $0 == "@?"
          ? "|grad| and cos: an older log does not say of which step"
          : "|grad| and cos measured at step \($0.dropFirst())", .muted)
    }
    return (terms.count > 1 ? [total] : []) + [age].compactMap(\.self)
      + terms.compactMap { $0.alarm(step) }.map { StyledText($0, .fault) }
  }
}
