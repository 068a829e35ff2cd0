// How long runs will take, judged by finished ones.
import Foundation
import Lab
import TestSupport
import Testing

@Suite struct RunDurationsTests {
  private func session(_ name: String, _ runs: [RunRow]) -> SessionRow {
    SessionRow(json: [
      "name": name, "title": name, "folder": URL(fileURLWithPath: "/sessions/\(name)"),
      "runs": runs, "columns": [String](),
    ])
  }

  private func run(
    _ method: String, seconds: Double?, epochs: Int = 10, steps: Int = 100, dataset: String = "band"
  ) -> RunRow {
    RunRow(json: [
      "summary": RunSummary(json: [
        "name": method, "method": method, "model": "cnn", "seed": 0,
        "state": seconds == nil ? "absent" : "done", "scores": [String: Double](),
        "otherScores": [String: Double](),
      ]), "folder": URL(fileURLWithPath: "/sessions/x/runs/\(method)"), "step": steps, "epoch": 10,
      "bytes": 0, "dataset": dataset, "plannedEpochs": epochs, "seconds": seconds,
    ])
  }

  private func kind(_ method: String, epochs: Int = 10, dataset: String = "band") throws -> RunKind
  {
    try #require(RunKind(run(method, seconds: nil, epochs: epochs, dataset: dataset)))
  }

  @Test func runsOfTheSessionTellByEpochs() throws {
    let durations = RunDurations(
      [
        session("a", [run("b0", seconds: 20), run("mean-teacher", seconds: 40)]),
        session("b", [run("b0", seconds: 900)]),
      ], open: "a")
    #expect(try durations.seconds(of: kind("b0"), steps: nil) == 20)
    #expect(try durations.seconds(of: kind("mean-teacher", epochs: 5), steps: nil) == 20)
    // A method that has not been trained there: the mean of the others.
    #expect(try durations.seconds(of: kind("b1"), steps: nil) == 30)
  }

  @Test func otherSessionsTellBySteps() throws {
    let durations = RunDurations([session("b", [run("b0", seconds: 50)])], open: "a")
    #expect(try durations.seconds(of: kind("b0"), steps: 400) == 200)
    #expect(try durations.seconds(of: kind("b0"), steps: nil) == nil)
    #expect(try durations.seconds(of: kind("b0", dataset: "esc50"), steps: 400) == nil)
    #expect(RunKind(Recipe())?.epochs ?? 0 > 0)
  }
}
