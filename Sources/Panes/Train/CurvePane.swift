import Canvas
import Lab

/// Loss or metric curves over the planned length of the run.
struct CurvePane: PaneView {
  enum Kind { case loss, metric }

  let bench: Workbench
  let glyphs: GlyphSet
  let kind: Kind
  private let choice: CurveChoice

  init(bench: Workbench, glyphs: GlyphSet, kind: Kind) {
    self.bench = bench
    self.glyphs = glyphs
    self.kind = kind
    choice = kind == .loss ? .losses(bench) : .metrics(bench)
  }

  private var names: [String] { choice.names }

  var title: String {
    let head = kind == .loss ? "loss" : metricTitle
    let (titles, place) = (choice.titles, choice.place)
    guard titles.indices.contains(place) else { return head }
    let chosen = glyphs.pick("‹\(titles[place])›", "<\(titles[place])>")
    let shown = [chosen] + titles[(place + 1)...] + titles[..<place]
    return ([head] + shown).joined(separator: " ")
  }

  var note: String {
    let held = bench.status == .paused || bench.status == .stepping
    if held { return "held at \(bench.run.step)" }
    let zoom = bench[.train].zoom
    let enlarged = zoom > 1 ? "\(glyphs.times)\(zoom.fixed(0))" : ""
    guard kind == .loss else { return enlarged }
    let scale = bench[.train].logY ? "log" : "lin"
    return (enlarged.isEmpty ? "" : enlarged + " ")
      + "\(scale) s\(bench[.train].smoothing.fixed(1).dropFirst())"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard bench.run.started != nil || !names.isEmpty else {
      let words = Invitation(bench: bench, glyphs: glyphs)
      grid.draw(Notice(kind == .loss ? words.start : words.facts, glyphs: glyphs), in: rect)
      return
    }
    grid.draw(plot(PlotAxis(bench)), in: rect)
    if hasPair, names.count == 2, cursor == nil, rect.width >= 30 {
      let legend = [
        StyledText("S student", ink: .role(.student)), "  ",
        StyledText("T teacher", ink: .role(.teacher)),
      ]
      grid.text(legend, x: rect.x + 6, y: rect.y)
    }
  }

  private func plot(_ axis: PlotAxis) -> LinePlot {
    LinePlot(
      curves(axis), xRange: axis.shown, yRange: yRange, logarithmicX: axis.isLogarithmic,
      logarithmicY: kind == .loss && bench[.train].logY,
      smoothing: kind == .loss ? bench[.train].smoothing : 0, best: best(axis),
      cursor: cursor.map { axis.x(at: $0) }, pins: bench[.train].pins.map { axis.x(at: $0) },
      selected: choice.selected, xName: axis.name, emptyText: emptyText, glyphs: glyphs)
  }

  /// The place on the whole x axis, a share of it, under a column of the screen; nil where no curve
  /// is drawn.
  func share(at column: Int, in rect: Rect) -> Double? {
    guard bench.run.started != nil || !names.isEmpty else { return nil }
    let axis = PlotAxis(bench)
    return plot(axis).share(ofColumn: column, in: rect).map(axis.share)
  }

  /// The split that is scored; what a method measures besides is of its training batches.
  private var metricTitle: String {
    guard let name = names.first, !name.hasPrefix("validation/") else { return "validation" }
    return name.hasPrefix("test/") ? "test" : "batches"
  }

  private func curves(_ axis: PlotAxis) -> [Curve] {
    let titles = names.map(choice.short)
    let letters = CurveLetters.of(titles)
    return names.enumerated().map { i, name in
      let series = bench.run.series[name] ?? Series()
      let points = series.thinned(series.indices(on: axis), to: Self.mostPoints)
      return Curve(
        titles[i], letter: hasPair ? nil : letters[i], ink: .role(role(i)),
        x: points.map { axis.position($0.step) }, y: points.map { Double($0.value) })
    }
  }

  /// Of one curve: the least and the greatest of each dot column on a screen as wide as any.
  private static let mostPoints = 1024

  private var hasPair: Bool { kind == .metric && choice.isPaired }

  private func role(_ i: Int) -> Role {
    if hasPair, names.count == 2 { return i == 0 ? .student : .teacher }
    let roles: [Role] = [.series0, .series1, .series2, .series3, .series4, .series5]
    return roles[i % roles.count]
  }

  /// Shares are shares; where the x axis is enlarged, so is the y axis.
  private var yRange: ClosedRange<Double>? {
    guard kind == .metric, bench[.train].zoom == 1 else { return nil }
    return names.first?.hasSuffix("/loss") == true ? nil : 0...1
  }

  /// A share of the axis.
  private var cursor: Double? { bench[.train].inspect }

  private func best(_ axis: PlotAxis) -> LinePlot.Point? {
    guard kind == .metric, choice.hasBest, let step = bench.run.bestStep,
      names.indices.contains(choice.selected),
      let series = bench.run.series[names[choice.selected]],
      let i = series.steps.lastIndex(where: { $0 <= UInt32(max(0, step)) })
    else { return nil }
    return LinePlot.Point(x: axis.position(Int(series.steps[i])), y: Double(series.values[i]))
  }

  private var emptyText: String {
    kind == .loss ? "waiting for the first batch" : "scores come after the first epoch"
  }
}
