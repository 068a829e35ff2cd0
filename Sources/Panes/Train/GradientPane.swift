import Canvas
import Lab

/// The length of the gradient over the steps: of the whole loss and, where it has several terms, of
/// each of them.
struct GradientPane: PaneView {
  let bench: Workbench

  var title: String { "gradient norm" }
  var note: String {
    bench.run.series["grad/total"]?.last.map { Double($0.value).short } ?? ""
  }

  /// No more than there are inks.
  private static let mostCurves = 4
  private static let mostPoints = 512

  func draw(in rect: Rect, on grid: inout Grid) {
    let axis = PlotAxis(bench)
    let plot = LinePlot(
      names.enumerated().map { curve($1, $0, axis) }, xRange: axis.shown,
      logarithmicX: axis.isLogarithmic, logarithmicY: bench[.train].logY,
      smoothing: bench[.train].smoothing, cursor: bench[.train].inspect.map { axis.x(at: $0) },
      selected: 0, xName: axis.name, emptyText: "waiting for the first batch")
    grid.draw(plot, in: rect)
  }

  private var names: [String] {
    let terms = bench.run.terms.count > 1 ? bench.run.terms.map { "grad/\($0.name)" } : []
    return (["grad/total"] + terms).filter { bench.run.series[$0] != nil }.prefix(Self.mostCurves)
      .map { $0 }
  }

  private func curve(_ name: String, _ place: Int, _ axis: PlotAxis) -> Curve {
    let series = bench.run.series[name] ?? Series()
    let points = series.thinned(series.indices(on: axis), to: Self.mostPoints)
    let title = String(name.dropFirst("grad/".count))
    let roles: [Role] = [.series0, .series2, .series5, .series4]
    return Curve(
      title, letter: title.first ?? "?", ink: .role(roles[place % roles.count]),
      x: points.map { axis.position($0.step) }, y: points.map { Double($0.value) })
  }
}
