// Intervals over groups hold the truth as often as they say, and copies of a clip add nothing.
import Metrics
import Testing

@Suite struct GroupBootstrapTests {
  @Test func copiesOfAClipDoNotNarrowTheInterval() throws {
    let quality = [SimulatedMethods.Quality(0.75)]
    let once = try SimulatedMethods(quality, groups: 40, seed: 2).decisions()
    let copied = try SimulatedMethods(quality, groups: 40, copies: 8, seed: 2)
    func width(_ decisions: GroupedDecisions) throws -> Double {
      let interval = try #require(GroupBootstrap(decisions, draws: 400).interval(of: 0))
      return interval.high - interval.low
    }
    let (single, whole, byClip) = try (
      width(once), width(copied.decisions()), width(copied.decisions(byClip: true))
    )
    #expect(abs(whole - single) < 1e-9)
    #expect(byClip < 0.5 * whole)
  }

  @Test func theIntervalHoldsTheTruthWithFewGroups() throws {
    // Of 12 clips with one class each: F1 of both sides of a method that is right in 75 %.
    var hits = 0
    for seed in 0..<200 {
      let methods = try SimulatedMethods([.init(0.75)], groups: 12, classes: 1, seed: seed + 50)
      let interval = GroupBootstrap(try methods.decisions(), draws: 200).interval(of: 0)
      if let interval, interval.low <= 0.75, 0.75 <= interval.high { hits += 1 }
    }
    #expect(hits >= 184, "\(hits) of 200")
  }

  @Test func aClassWithoutAnErrorIsNotCertain() throws {
    let labelled = try LabelledScores(
      scores: (0..<20).map { [$0 < 6 ? 0.9 : 0.1] }, targets: (0..<20).map { [$0 < 6 ? 1 : 0] },
      observed: (0..<20).map { _ in [true] })
    let bootstrap = GroupBootstrap(
      try GroupedDecisions([labelled], groups: (0..<20).map { "g\($0)" }), draws: 300)
    let interval = try #require(bootstrap.interval(of: 0, class: 0))
    // 6 of 6 found: the exact interval of a share starts at 0.025^(1/6).
    #expect(abs(interval.low - 0.5407) < 1e-3 && interval.high == 1)
  }

  @Test func oneGroupSaysNothing() throws {
    let methods = try SimulatedMethods([.init(0.7), .init(0.6)], groups: 1, copies: 9, seed: 3)
    let bootstrap = GroupBootstrap(try methods.decisions(), draws: 20)
    #expect(bootstrap.smallestDifference(0, 1) == nil && bootstrap.difference(0, 1) == nil)
    if let interval = bootstrap.interval(of: 0) { #expect(interval.low == 0 && interval.high == 1) }
  }

  @Test func theSmallestDifferenceIsFoundInFourOfFiveCases() throws {
    // Twice: the smallest difference is estimated on other data than those it is checked on.
    let truth = SimulatedMethods.Quality(0.85)
    let rest = SimulatedMethods.Quality(0.7)
    var (found, stated) = (0, 0.0)
    for seed in 0..<100 {
      let decisions = try SimulatedMethods([truth, rest], groups: 40, seed: seed + 900).decisions()
      stated += GroupBootstrap(decisions, draws: 200).smallestDifference(0, 1) ?? 0
      if let test = GroupSwapTest(decisions, 0, 1, draws: 399), test.pValue <= 0.05 { found += 1 }
    }
    // A true difference of .15 against what is stated: a little smaller or larger than the power.
    #expect((0.1...0.2).contains(stated / 100), "\(stated / 100)")
    #expect((60...97).contains(found), "\(found) of 100")
  }
}
