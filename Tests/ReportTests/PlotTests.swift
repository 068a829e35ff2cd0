// Plots put values where the axis says, and say in words what they show.
import Foundation
import Lab
import Report
import Testing

@Suite struct PlotTests {
  @Test(arguments: [
    (0.0, 1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (0.41, 0.87, ["0.4", "0.5", "0.6", "0.7", "0.8", "0.9"]),
    (-0.02, 0.03, ["−0.02", "−0.01", "0.00", "0.01", "0.02", "0.03"]),
    (0, 16, ["0", "5", "10", "15", "20"]),
    (0, 64000, ["0", "20 k", "40 k", "60 k", "80 k"]),
  ])
  func ticksAreRound(_ low: Double, _ high: Double, _ labels: [String]) {
    let axis = Axis([low, high], pixels: (0, 100))
    #expect(axis.ticks.map(axis.label) == labels)
    #expect(axis.range.contains(low) && axis.range.contains(high))
  }

  @Test func axisMapsItsEndsToPixels() {
    let axis = Axis([0, 10], pixels: (300, 20), isRounded: false)
    #expect(axis(0) == 300 && axis(10) == 20 && axis(5) == 160)
    let flat = Axis([3, 3, .nan], pixels: (0, 1))
    #expect(flat.range.lowerBound < 3 && flat.range.upperBound > 3)
  }

  private func points(_ values: [Double]) -> [PlotLine.Point] {
    values.enumerated().map { .init(x: Double($0), y: $1, low: $1, high: $1) }
  }

  private func plot(_ lines: [PlotLine]) -> Figure? {
    LinePlot(id: "p", title: "t", caption: "c", x: "step", y: "loss", lines: lines).figure
  }

  @Test func lineBreaksWhereAValueIsNotFinite() throws {
    let line = PlotLine(name: "b1", points: points([1, 0.5, .nan, 0.25, 0]))
    let figure = try #require(plot([line]))
    let path = try #require(figure.file.firstMatch(of: #/ d="([^"]*)"/#)).output.1
    #expect(path.count { $0 == "M" } == 2 && path.count { $0 == "L" } == 2)
    #expect(figure.description == "loss over step. b1 ends at 0.000.")
    #expect(plot([]) == nil && plot([PlotLine(name: "x", points: [])]) == nil)
  }

  @Test func namesOfLinesDoNotCoverEachOther() throws {
    let lines = (0..<8).map { PlotLine(name: "row \($0)", points: points([0, 0.5])) }
    let text = try #require(plot(lines)).file
    let heights = text.matches(of: /y="([0-9.]+)" text-anchor="start" class="label">row/)
      .compactMap { Double($0.output.1) }.sorted()
    #expect(heights.count == 8)
    #expect(zip(heights, heights.dropFirst()).allSatisfy { $1 - $0 >= 14.9 })
    #expect((heights.last ?? .infinity) < 340 && (heights.first ?? 0) > 0)
  }

  @Test func dotsLieOnTheAxisOfTheirValue() throws {
    let rows = [
      DotRow(name: "flute", note: "12", dots: [.init(value: 0.5, low: 0.25, high: 0.75)]),
      DotRow(name: "oboe", dots: [nil]),
      DotRow(name: "drums", dots: [.init(value: 1, low: 1, high: 1)]),
    ]
    let plot = DotPlot(
      id: "d", title: "t", caption: "c", axis: "F1", series: ["b1"], rows: rows)
    let figure = try #require(plot.figure)
    let marks = figure.file.matches(of: /<circle cx="([0-9.]+)"/).compactMap {
      Double($0.output.1)
    }
    let range = try #require(
      figure.file.firstMatch(of: /x1="([0-9.]+)" y1="[0-9.]+" x2="([0-9.]+)"[^>]*class="line range/)
    )
    let ends = [range.output.1, range.output.2].compactMap { Double($0) }
    #expect(marks.count == 2 && ends.count == 2)
    #expect(abs((ends[0] + ends[1]) / 2 - marks[0]) < 0.2)
    #expect(abs((marks[1] - marks[0]) - (ends[1] - ends[0])) < 0.2)
    #expect(figure.description == "F1. flute: 0.50; oboe: no score; drums: 1.00.")
  }

  @Test func labelBarsHaveTheWidthOfTheirShare() throws {
    let counts = LabelCounts(
      dataset: "mine", classes: ["flute"],
      splits: [
        .init(name: "train", clips: 10, classes: [.init(present: 2, absent: 3)]),
        .init(name: "test", clips: 0, classes: [.init(present: 0, absent: 0)]),
      ])
    let figure = try #require(
      LabelBars(id: "l", title: "t", caption: "c", labels: counts).figure)
    let widths = figure.file.matches(of: /width="([0-9.]+)" height="13" class="([a-z]+)"/)
      .reduce(into: [String: Double]()) { $0[String($1.output.2)] = Double($1.output.1) }
    let whole = try #require(widths["missing"])
    #expect(abs((widths["positive"] ?? 0) - 0.2 * whole) < 0.1)
    #expect(abs((widths["negative"] ?? 0) - 0.3 * whole) < 0.1)
    #expect(
      figure.description == "train: 10 clips, 50 % of the labels observed, 2 present.")
  }
}
