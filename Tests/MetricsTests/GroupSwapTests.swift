// The paired test finds what is there and, as often as it says, nothing that is not.
import Metrics
import Testing

@Suite struct GroupSwapTests {
  private typealias Quality = SimulatedMethods.Quality

  private func rejections(
    _ qualities: [Quality], groups: Int, copies: Int = 1, byClip: Bool = false, of runs: Int = 300
  ) throws -> Double {
    var count = 0
    for seed in 0..<runs {
      let methods = try SimulatedMethods(qualities, groups: groups, copies: copies, seed: seed + 7)
      let test = GroupSwapTest(try methods.decisions(byClip: byClip), 0, 1, draws: 299)
      if let test, test.pValue <= 0.05 { count += 1 }
    }
    return Double(count) / Double(runs)
  }

  @Test func equalMethodsAreRarelyToldApart() throws {
    #expect(try rejections([Quality(0.75), Quality(0.75)], groups: 40) <= 0.07)
    #expect(try rejections([Quality(0.75), Quality(0.75)], groups: 9) <= 0.07)
  }

  /// Equal in F1 of both sides, not in their answers: one misses, the other has false alarms.
  @Test func methodsWithOppositeMistakesAreRarelyToldApart() throws {
    let opposite = [Quality(present: 0.9, absent: 0.6), Quality(present: 0.6, absent: 0.9)]
    #expect(try rejections(opposite, groups: 40) <= 0.07)
  }

  @Test func clipsOfARecordingCountOnce() throws {
    let equal = [Quality(0.75), Quality(0.75)]
    #expect(try rejections(equal, groups: 12, copies: 6) <= 0.07)
    // The same data clip by clip find differences that are not there.
    #expect(try rejections(equal, groups: 12, copies: 6, byClip: true, of: 100) > 0.2)
  }

  @Test func aBetterMethodIsFound() throws {
    #expect(try rejections([Quality(0.9), Quality(0.65)], groups: 40, of: 60) > 0.9)
  }

  /// The best of six is compared with all others after looking: all 15 pairs are corrected for.
  @Test func theBestOfSixEqualMethodsIsRarelyToldApart() throws {
    let (runs, methods) = (150, 6)
    var wrong = 0
    for seed in 0..<runs {
      let decisions = try SimulatedMethods(
        Array(repeating: Quality(0.75), count: methods), groups: 40, seed: seed + 7000
      ).decisions()
      let p = (0..<methods).flatMap { a in
        (a + 1..<methods).map { GroupSwapTest(decisions, a, $0, draws: 999)?.pValue ?? 1 }
      }
      if HolmCorrection.adjusted(p).contains(where: { $0 <= 0.05 }) { wrong += 1 }
    }
    #expect(Double(wrong) / Double(runs) <= 0.07, "\(wrong) of \(runs)")
  }

  @Test func fewGroupsTryAllSwaps() throws {
    // Three groups, the first method right in all, the second in none: 2 of 8 patterns.
    let (right, wrong): ([[Float]], [[Float]]) = ([[0.9], [0.1], [0.9]], [[0.1], [0.9], [0.1]])
    let decisions = try GroupedDecisions(
      [right, wrong].map {
        try LabelledScores(
          scores: $0, targets: [[1], [0], [1]], observed: [[true], [true], [true]])
      }, groups: ["a", "b", "c"])
    let test = try #require(GroupSwapTest(decisions, 0, 1))
    #expect(test.difference == 1 && test.pValue == 0.25 && test.differingGroups == 3)
    #expect(GroupSwapTest(decisions, 0, 0)?.pValue == 1)
    #expect(GroupSwapTest(decisions, 0, 1) == test)
  }

  @Test func holmsCorrectionIsThatOfThePaper() {
    let adjusted = HolmCorrection.adjusted([0.01, 0.04, 0.03, 0.005])
    for (found, expected) in zip(adjusted, [0.03, 0.06, 0.06, 0.02]) {
      #expect(abs(found - expected) < 1e-12)
    }
    #expect(HolmCorrection.adjusted([]) == [] && HolmCorrection.adjusted([0.9, 0.8]) == [1, 1])
  }
}
