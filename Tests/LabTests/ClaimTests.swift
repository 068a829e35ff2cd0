// Claims of a session: read with the line of what is wrong, and answered from runs and kept tables.
import Formats
import Foundation
import Lab
import Testing

@Suite struct ClaimTests {
  private static let yaml = """
    methods: [b1, b0]
    seeds: [0, 1, 2]
    sweep: { dataset.observed: [0.1, 1] }
    table: { columns: [f1-micro] }
    claims:
      - { id: masked, says: "B1 exceeds B0.", row: b1, against: b0, at: { dataset.observed: 0.10 } }
      - id: more
        says: "More so with fewer labels."
        row: b1
        against: b0
        at: { dataset.observed: 0.1 }
        than: { dataset.observed: 1 }

    """

  private func session(_ yaml: String, in folder: String = "/s/mine") throws -> Session {
    try Session(yaml: yaml, file: "s.yaml", folder: URL(fileURLWithPath: folder))
  }

  private func result(
    _ method: String, _ seed: Int, _ observed: String, _ score: Double
  ) -> RunResult {
    let end = EvalEnd(json: [
      "split": "test", "model": "student", "seconds": 1, "metrics": ["f1-micro": score],
      "perClass": [[String: String]](), "scored": 4, "entries": 4,
    ])
    return RunResult(json: [
      "method": method, "model": "cnn", "seed": seed, "sweep": ["dataset.observed": observed],
      "evaluations": ["student": end], "trainableParameters": 9, "seconds": 1, "fold": "",
      "lostClips": 0,
    ])
  }

  /// B1 minus B0 is `gains` at 10 % observed and `full` at all.
  private func findings(_ gains: [Double], full: [Double] = [0, 0, 0]) throws -> [Finding] {
    let results = gains.indices.flatMap { seed in
      [
        result("b1", seed, "0.1", 0.5 + gains[seed]), result("b0", seed, "0.1", 0.5),
        result("b1", seed, "1.0", 0.7 + full[seed]), result("b0", seed, "1.0", 0.7),
      ]
    }
    return ResultsTable(try session(Self.yaml), results: results).findings
  }

  /// Three differences .02, .03, .04: the standard error is .01/√3, and Student's quantiles with two
  /// degrees of freedom are 4.302653 (two-sided .05) and 1.060660 (one-sided .2).
  @Test func effectHasItsIntervalAndSmallestVisibleSize() throws {
    let finding = try findings([0.02, 0.03, 0.04])[0]
    let error = 0.01 / 3.0.squareRoot()
    #expect(abs((finding.effect ?? 0) - 0.03) < 1e-9)
    #expect(abs((finding.low ?? 0) - (0.03 - 4.302653 * error)) < 1e-6)
    #expect(abs((finding.high ?? 0) - (0.03 + 4.302653 * error)) < 1e-6)
    #expect(abs((finding.detectable ?? 0) - (4.302653 + 1.060660) * error) < 1e-6)
    #expect(finding.seeds == 3 && finding.standing == .shown)
    #expect(
      finding.sentence == "Shown: +0.030, 95 % +0.005 to +0.055, 3 seeds (f1-micro, b1 less b0).")
  }

  @Test func intervalDecidesTheStanding() throws {
    #expect(try findings([-0.02, -0.03, -0.04])[0].standing == .reversed)
    let open = try findings([0.02, -0.03, 0.04])[0]
    #expect(open.standing == .notShown)
    #expect(open.sentence.hasPrefix("Not shown: +0.010, 95 % −0."))
    #expect(open.sentence.contains("would have been seen 8 times in 10"))
    let single = try findings([0.02])[0]
    #expect(single.standing == .open && single.effect == nil)
  }

  /// The second claim subtracts the difference at all labels, seed by seed.
  @Test func claimOfTwoPointsComparesDifferences() throws {
    let finding = try findings([0.05, 0.06, 0.07], full: [0.05, 0.05, 0.05])[1]
    #expect(abs((finding.effect ?? 0) - 0.01) < 1e-9)
    #expect(finding.standing == .notShown)
    #expect(try findings([0.05, 0.06, 0.07])[1].standing == .shown)
  }

  /// Two metrics of the same runs, such as F1 with and without a chosen threshold.
  @Test func referenceMayHaveAnotherMetric() throws {
    let yaml = Self.yaml.replacing(
      "row: b1, against: b0,", with: "row: b1, against: b0, againstMetric: accuracy,")
    var results = (0..<3).flatMap { seed in
      [result("b1", seed, "0.1", 0.6 + Double(seed) / 100), result("b0", seed, "0.1", 0.5)]
    }
    for place in results.indices {
      results[place].evaluations["student"]?.metrics["accuracy"] = 0.3
    }
    let finding = ResultsTable(try session(yaml), results: results).findings[0]
    #expect(abs((finding.effect ?? 0) - 0.31) < 1e-9)
    #expect(finding.sentence.contains("(f1-micro of b1 less accuracy of b0)"))
  }

  /// Only the runs that the claim looks at are trained.
  @Test func claimNamesItsRuns() throws {
    let session = try session(Self.yaml)
    let masked = session.runs(for: session.claims[0])
    #expect(masked.claims.map(\.id) == ["masked"])
    #expect(masked.runs.count == 6 && masked.runs.allSatisfy { $0.name.contains("observed0.1") })
    #expect(session.runs(for: session.claims[1]).runs.count == 12)
  }

  @Test(arguments: [
    ("{ id: a, says: b, row: b1 }", "a claim lacks 'against'"),
    ("{ id: a, says: b, row: b2, against: b1 }", "a: no run of 'b2'"),
    ("{ id: a, says: b, row: b1, against: b0, metric: f9 }", "'f9': unknown metric"),
    ("{ id: a, says: b, row: b1, against: b0, at: { seed: 1 } }", "a: no run of 'b1' at seed 1"),
    ("{ id: a, says: b, row: b1, against: b0, rows: b1 }", "rows"),
  ])
  func wrongClaimIsToldWithItsLine(claim: String, words: String) throws {
    let error = #expect(throws: RecipeError.self) {
      try session("methods: [b0, b1]\nclaims:\n  - \(claim)\n")
    }
    #expect(error?.line == 3)
    #expect("\(try #require(error))".contains(words))
  }

  /// The kept table answers where no run is finished, and only the claim it was computed for.
  @Test func keptTableAnswersWithoutRuns() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("claims-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let session = try session(Self.yaml, in: folder.path)
    #expect(try session.findings().map(\.standing) == [.open, .open])
    let results = (0..<3).flatMap { seed in
      [result("b1", seed, "0.1", 0.6 + Double(seed) / 100), result("b0", seed, "0.1", 0.5)]
    }
    let kept = folder.appendingPathComponent("table.json")
    try ResultsTable(session, results: results).json().write(to: kept)
    #expect(try session.findings().map(\.standing) == [.shown, .open])

    let changed = try self.session(
      Self.yaml.replacing("row: b1, against: b0", with: "row: b0, against: b1"), in: folder.path)
    #expect(try changed.findings()[0].standing == .open)
    try Data("[]".utf8).write(to: kept)
    #expect(throws: Problem.self) { try session.findings() }
  }
}
