import Canvas
import Foundation
import TestSupport
import Testing

/// Axes, smoothing and the rules for gaps, constants and logarithms.
@Suite struct PlotTests {
  @Test func roundTicks() {
    let axis = Axis(fitting: [0.13, 0.87], ticks: 4)
    #expect(abs(axis.low - 0.1) < 1e-12 && abs(axis.high - 0.9) < 1e-12)
    #expect(axis.ticks(4).map { axis.label($0, of: 4) } == ["0.2", "0.4", "0.6", "0.8"])
    let steps = Axis(0...20_900)
    #expect(steps.ticks(4).map { steps.label($0, of: 4) } == ["0k", "10k", "20k"])
  }

  @Test func constantSeriesHaveANonEmptyRange() {
    let axis = Axis(fitting: [0.5, 0.5, 0.5])
    #expect(axis.low < 0.5 && axis.high > 0.5)
    let zero = Axis(fitting: [0, 0])
    #expect(zero.low == 0 && zero.high == 1)
    #expect(Axis(fitting: [.nan, .infinity]).high == 1)
    #expect(Axis(3...3).high > 3)
  }

  @Test func logarithms() {
    let axis = Axis(fitting: [0.003, 0.7, -1, 0], logarithmic: true)
    #expect(abs(axis.low - 1e-3) < 1e-12 && abs(axis.high - 1) < 1e-12)
    #expect(axis.position(-1) == nil && axis.position(0) == nil)
    #expect(abs((axis.position(0.01) ?? 0) - 1.0 / 3) < 1e-9)
    #expect(axis.ticks(4).count == 4)
    #expect(Axis(fitting: [5, 5], logarithmic: true).high == 10)
  }

  @Test func smoothingIsUnbiasedAndKeepsGaps() {
    let flat = Curve("c", x: [0, 1, 2, 3], y: [2, 2, .nan, 2]).smoothed(0.9)
    #expect(zip(flat.y, [2, 2, 0, 2]).allSatisfy { $0.isNaN || abs($0 - $1) < 1e-12 })
    #expect(flat.y[2].isNaN)
    let step = Curve("c", x: [0, 1], y: [0, 1]).smoothed(0.5)
    #expect(abs(step.y[1] - 2.0 / 3) < 1e-12)  // (0.5·0.5·0 + 0.5·1) / (1 - 0.5²)
    #expect(Curve("c", x: [0, 1], y: [0, 1]).smoothed(5).y[1] < 0.51)  // capped at 0.99
  }

  @Test func gapsStayEmpty() {
    let x = (0..<100).map(Double.init)
    let gap = Curve("c", x: x, y: x.map { $0 > 40 && $0 < 60 ? .nan : 0.5 })
    let lines = draw(LinePlot([gap], yRange: 0...1), 43, 5)
    #expect(lines.dropLast().allSatisfy { Array($0.padded(to: 43))[23...25] == [" ", " ", " "] })
    #expect(lines[2].contains("⠉⠉⠉"))
  }

  @Test func fixedRangeAllowsAppending() {
    let x = (0..<100).map(Double.init)
    func plot(_ n: Int) -> Grid {
      var grid = Grid(width: 40, height: 8)
      let curve = Curve("c", x: Array(x.prefix(n)), y: x.prefix(n).map { $0 / 100 })
      LinePlot([curve], xRange: 0...100, yRange: 0...1)
        .draw(in: grid.bounds, on: &grid)
      return grid
    }
    let changed = plot(60).changes(from: plot(58)).reduce(0) { $0 + $1.cells.count }
    #expect(changed > 0 && changed <= 3)
  }

  @Test func binningKeepsExtremes() {
    var y = Array(repeating: 0.1, count: 20_000)
    y[10_001] = 0.9
    let spike = Curve("c", x: y.indices.map(Double.init), y: y)
    let lines = draw(LinePlot([spike], yRange: 0...1), 40, 10)
    #expect(lines[1].unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
  }

  @Test func selectedCurveIsDrawnOnTop() {
    let a = Curve("a", ink: .role(.series0), x: [0, 1], y: [0.5, 0.5])
    let b = Curve("b", ink: .role(.series1), x: [0, 1], y: [0.5, 0.5])
    for (selected, ink) in [(0, Ink.role(.series0)), (1, .role(.series1))] {
      var grid = Grid(width: 20, height: 3)
      LinePlot([a, b], yRange: 0...1, selected: selected)
        .draw(in: grid.bounds, on: &grid)
      #expect(grid[10, 1].ink == ink)
    }
  }

  @Test func namesAndLastValuesStandAtTheEnds() {
    let low = Curve("cons", ink: .role(.series1), x: [0, 1], y: [0.1, 0.2])
    let high = Curve("total", ink: .role(.series0), x: [0, 1], y: [0.9, 0.8])
    let lines = draw(LinePlot([low, high], yRange: 0...1, selected: 1), 60, 10)
    let (first, second) = (
      lines.firstIndex { $0.hasSuffix("total 0.800") },
      lines.firstIndex { $0.hasSuffix("cons 0.200") }
    )
    #expect(first != nil && second != nil && first! < second!)
  }

  /// The first batch is far off; the axis follows the rest, and an arrow says how far it went.
  @Test func aFirstPeakDoesNotSetTheRange() {
    let y = [9.0] + (1..<200).map { 1 - Double($0) / 400 }
    let curve = Curve("c", x: y.indices.map(Double.init), y: y)
    let lines = draw(LinePlot([curve]), 60, 12)
    #expect(lines[0].contains("↑9.00"))
    #expect(!lines.contains { $0.hasPrefix("8") || $0.hasPrefix(" 8") })
  }

  @Test func dotsOfCrossingCurvesAddUp() {
    let a = Curve("a", ink: .role(.series0), x: [0, 1], y: [0, 1])
    let b = Curve("b", ink: .role(.series1), x: [0, 1], y: [1, 0])
    func dots(_ curves: [Curve]) -> Int {
      draw(LinePlot(curves, yRange: 0...1), 30, 9).joined().unicodeScalars
        .filter { (0x2801...0x28FF).contains($0.value) }
        .reduce(0) { $0 + ($1.value - 0x2800).nonzeroBitCount }
    }
    #expect(dots([a, b]) > 3 * dots([a]) / 2)
  }

  @Test func marksHaveAWordAbove() {
    let curve = Curve("c", x: [0, 10], y: [0, 1])
    let plot = LinePlot([curve], marks: [.init(x: 5, text: "masked")])
    #expect(draw(plot, 60, 8)[0].contains("masked"))
  }

  /// A curve at the top of the plot leaves the word whole, and the peak stands beside it.
  @Test func curvesAndPeaksLeaveTheWordOfAMarkWhole() {
    let high = Curve("c", x: [0, 10], y: [1, 1])
    let mark = LinePlot.Mark(x: 5, text: "masked")
    #expect(draw(LinePlot([high], marks: [mark]), 60, 8)[0].contains("masked"))
    let y = (0..<200).map { $0 == 100 ? 9 : 1 - Double($0) / 400 }
    let peaked = Curve("c", x: y.indices.map(Double.init), y: y)
    let top = draw(LinePlot([peaked], marks: [.init(x: 100, text: "masked")]), 60, 12)[0]
    #expect(top.contains("masked ↑9.00"))
  }

  @Test func curveLabelsDoNotOverlap() {
    let curves = ["a", "b", "c"].map { Curve($0, x: [0, 1], y: [0.5, 0.5]) }
    let lines = draw(LinePlot(curves, yRange: 0...1), 30, 8)
    let edge = lines.compactMap { $0.columns == 30 ? $0.last : nil }
    #expect(Set(edge).isSuperset(of: ["a", "b", "c"]))
  }

  @Test func heatMapLevels() {
    var grid = Grid(width: 2, height: 1)
    HeatMap(rows: 2, columns: 2, values: [0, 15, 15, .nan], range: 0...15)
      .draw(in: grid.bounds, on: &grid)
    #expect(grid[0, 0] == Cell("▄", ink: .ramp(.sequential, 63)))
    #expect(grid[1, 0] == Cell("▀", ink: .ramp(.sequential, 63)))
    grid = Grid(width: 2, height: 2, glyphs: .ascii)
    HeatMap(rows: 2, columns: 2, values: [0, 15, 15, .nan], range: 0...15)
      .draw(in: grid.bounds, on: &grid)
    #expect(Screen.text(grid) == [" @", "@"])
  }

  @Test func heatMapAveragesAndTransposes() {
    var grid = Grid(width: 1, height: 2, glyphs: .ascii)
    HeatMap(
      rows: 2, columns: 2, values: [0, 0, 5, 25], range: 0...15, isBottomUp: true
    ).draw(in: grid.bounds, on: &grid)
    #expect(Screen.text(grid) == ["@", ""])
    grid = Grid(width: 1, height: 1, glyphs: .ascii)
    HeatMap(rows: 2, columns: 1, values: [5, .nan], range: 0...10)
      .draw(in: grid.bounds, on: &grid)
    #expect(Screen.text(grid) == ["+"])
  }

  private func draw(_ plot: LinePlot, _ width: Int, _ height: Int) -> [String] {
    var grid = Grid(width: width, height: height)
    plot.draw(in: grid.bounds, on: &grid)
    return Screen.text(grid)
  }
}
