// The plot of scores against cost below a table.
import Foundation
import Lab
import Testing

@Suite struct CostPlotTests {
  private func result(_ method: String, score: Double?, seconds: Double, memory: Int?) -> RunResult
  {
    let end = EvalEnd(json: [
      "split": "test", "model": "student", "seconds": 1,
      "metrics": score.map { ["ap-macro": $0] } ?? [:], "perClass": [[String: String]](),
      "scored": 4, "entries": 4,
    ])
    var result = RunResult(json: [
      "method": method, "model": "cnn", "seed": 0, "sweep": [String: Int](),
      "evaluations": ["student": end], "trainableParameters": 9, "seconds": seconds, "fold": "0",
      "lostClips": 0,
    ])
    result.peakMemory = memory
    return result
  }

  private func table() throws -> ResultsTable {
    let session = try Session(
      yaml: "methods: [b0, b1, con-reg]\ntable: { columns: [ap-macro] }", file: "s",
      folder: URL(fileURLWithPath: "/s/three"))
    return ResultsTable(
      session,
      results: [
        result("b0", score: 0.2, seconds: 1, memory: 100 << 20),
        result("b1", score: 0.4, seconds: 10, memory: 300 << 20),
        result("con-reg", score: 0.3, seconds: 100, memory: nil),
      ])
  }

  /// Costs 1, 10, 100 lie at both ends and in the middle of a logarithmic axis.
  @Test func rowsLieAtTheirScoreAndCost() throws {
    let lines = CostPlot(try table(), metric: "ap-macro", cost: .seconds).lines(width: 5, height: 3)
    #expect(
      lines == [
        "ap-macro against training, s (logarithm)",
        "    0.4 │  b  ",
        "        │    c",
        "    0.2 │a    ",
        "        └─────",
        "         1 100",
        "a  0.200          1  b0", "b  0.400         10  b1", "c  0.300        100  con-reg",
      ])
  }

  @Test func rowsWithoutACostAreNamed() throws {
    let table = try table()
    let plot = CostPlot(table, metric: "ap-macro", cost: .memory)
    #expect(plot.marks.map(\.cost) == [100, 300] && plot.left == ["con-reg"])
    #expect(plot.lines().last == "without a score or a cost: con-reg")
    // Two rows at one place, and a metric that no row has.
    let same = CostPlot(table, metric: "ap-macro", cost: .parameters).lines(width: 3, height: 2)
    #expect(same[1].contains("b") && same[2].contains("*"))
    #expect(CostPlot(table, metric: "f1-micro", cost: .seconds).lines().count == 1)
  }

  @Test func tableHasThePeakOfTheMemory() throws {
    let cells = try table().cells()
    #expect(cells.map { $0.last ?? "" } == ["MiB", "100", "300", "-"])
  }
}
