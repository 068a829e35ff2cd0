import Canvas
import Foundation

/// Widgets with fixed content, for golden pictures.
enum Samples {
  static let steps: [Double] = (0..<400).map(Double.init)

  static func noise(_ i: Double) -> Double { sin(i * 12.9898) * 0.5 + sin(i * 78.233) * 0.5 }

  static func loss() -> Curve {
    Curve("loss", letter: "l", x: steps, y: steps.map { exp(-$0 / 120) + 0.1 + 0.05 * noise($0) })
  }

  static func teacher() -> Curve {
    Curve(
      "teacher", letter: "T", ink: .role(.teacher), x: steps,
      y: steps.map { $0 > 150 && $0 < 200 ? .nan : 0.9 * exp(-$0 / 200) })
  }

  static let hills: [Float] = (0..<12 * 30).map { (i: Int) -> Float in
    let across: Double = sin(Double(i % 30) / 5)
    let down: Double = cos(Double(i / 30) / 3)
    return Float(across * down)
  }

  static let classes = ["accordion", "banjo", "bass", "violoncello", "日本の笛", "drums", "flute", "x"]

  static var table: TableWidget {
    TableWidget(
      [
        TableWidget.Column("class", .flexible), TableWidget.Column("pos", .fit, .right),
        TableWidget.Column("miss", .fixed(5), .right),
      ], texts: classes.enumerated().map { [$1, "\($0 * 173)", "\(80 + $0)%"] }, selection: 4)
  }

  static var bars: BarChart {
    BarChart(
      classes.enumerated().map { i, name in
        BarChart.Bar(
          name, i == 3 ? nil : Double(i) / 7, second: i % 2 == 0 ? 0.5 : nil,
          note: i == 1 ? "+0.03" : "")
      }, selection: 2)
  }

  /// One of each, by name.
  static var widgets: [(String, any Widget)] {
    [
      ("plot", LinePlot([loss(), teacher()], xRange: 0...500, xName: "step")),
      (
        "plot-smooth",
        LinePlot(
          [loss()], smoothing: 0.9, best: LinePlot.Point(x: 380, y: 0.14), cursor: 200,
          xName: "step")
      ),
      ("plot-log", LinePlot([teacher()], logarithmicY: true)),
      ("plot-empty", LinePlot([], xRange: 0...100)),
      (
        "heat",
        HeatMap(
          rows: 12, columns: 30, values: hills, rowLabels: [.init(0, "8k"), .init(11, "60")],
          columnLabels: [.init(0, "0s"), .init(29, "10s")], cursor: .init(row: 6, column: 10))
      ),
      (
        "heat-diverging",
        HeatMap(
          rows: 12, columns: 30, values: hills, range: -1...1, ramp: .diverging, isBottomUp: true,
          head: 3)
      ),
      ("table", table), ("bars", bars),
      ("area", AreaChart([0, 1, 2, 4, 8, .nan, 6, 4, 2, 1, 7], range: 0...8)),
      ("sparkline", Drawing { $1.sparkline([1, 2, .nan, 4, 8, 16, 12], in: $0) }),
      (
        "frame",
        Drawing { $1.border($0, Caption("Datasets", note: "3/3"), focused: true) }
      ),
      (
        "footer",
        Footer(
          [.init("space", "pause"), .init(".", "step"), .init("y", "log")],
          last: .init("?", "help"))
      ),
    ]
  }
}

/// A function of the grid as a widget.
private struct Drawing: Widget {
  let body: (Rect, inout Grid) -> Void

  func draw(in rect: Rect, on grid: inout Grid) { body(rect, &grid) }
}
