/// Intervals: the same every time, the width theory says, and they hold the truth as often as said.
import Metrics
import Testing

@Suite struct BootstrapTests {
  @Test func sameSeedGivesTheSameInterval() throws {
    let scores = try drawn(seed: 1, clips: 80)
    let first = try Bootstrap(scores, draws: 60, seed: 3)
    let (again, other) = try (
      Bootstrap(scores, draws: 60, seed: 3), Bootstrap(scores, draws: 60, seed: 4)
    )
    #expect(again == first && other != first)
    let value = try #require(try score(scores).values[.apMacro])
    let interval = try #require(first.intervals[.apMacro])
    #expect(interval.low < value && value < interval.high && interval.draws == 60)
  }

  @Test func theIntervalOfAProportionMatchesTheory() throws {
    // Accuracy 0.8 of 400 clips: ± 1.96 · √(0.16 / 400) = ± 0.0392.
    let rows = (0..<400).map { clip -> [Float] in clip % 5 == 0 ? [0.1, 0.9] : [0.9, 0.1] }
    let labelled = try LabelledScores(
      scores: rows, targets: rows.map { _ in [1, 0] }, observed: rows.map { _ in [true, true] },
      isSingleLabel: true)
    let interval = try #require(
      try Bootstrap(labelled, draws: 800).intervals[.accuracy])
    #expect(abs(interval.low - (0.8 - 0.0392)) < 0.008)
    #expect(abs(interval.high - (0.8 + 0.0392)) < 0.008)
  }

  @Test func theIntervalHasItsNominalCoverage() throws {
    // Scores of positives are uniform on [0.3, 1.3), of negatives on [0, 1): ROC-AUC 1 − 0.7²/2.
    var hits = 0
    for seed in 0..<120 {
      let interval = try Bootstrap(drawn(seed: seed + 10, clips: 120), draws: 120, level: 0.9)
        .intervals[.rocAUCMacro]
      if let interval, interval.low <= 0.755, 0.755 <= interval.high { hits += 1 }
    }
    #expect(hits >= 97 && hits < 120, "\(hits) of 120")
  }

  @Test func groupsAreResampledWithTheirClips() throws {
    var labelled = try drawn(seed: 2, clips: 60)
    labelled.groups = try TagGroups.singles(["a"], clips: 60)
    #expect(try Bootstrap(labelled, draws: 10).intervals[.sonycAUPRC]?.draws == 10)
  }

  /// Every clip four times over says no more than once, if the four are drawn together.
  @Test func clipsOfAGroupDoNotNarrowTheInterval() throws {
    let once = try drawn(seed: 5, clips: 50)
    let copies = try once.choosing((0..<200).map { $0 / 4 })
    let groups = (0..<50).map { group in (0..<4).map { 4 * group + $0 } }
    let (alone, together, apart) = try (
      Bootstrap(once, draws: 300), Bootstrap(copies, groups: groups, draws: 300),
      Bootstrap(copies, draws: 300)
    )
    func width(_ bootstrap: Bootstrap) throws -> Double {
      let interval = try #require(bootstrap.intervals[.rocAUCMacro])
      return interval.high - interval.low
    }
    #expect(together.intervals[.rocAUCMacro] == alone.intervals[.rocAUCMacro])
    #expect(try width(apart) < 0.7 * width(together))
  }

  @Test func theHeadlineFitsTheLabels() {
    #expect(Metric.headline(isSingleLabel: true) == .accuracy)
    #expect(Metric.headline(isSingleLabel: false) == .f1MacroBoth)
  }

  private func drawn(seed: Int, clips: Int) throws -> LabelledScores {
    var draw = Draw(state: UInt64(seed))
    let targets = (0..<clips).map { _ in Float(draw.below(2)) }
    return try LabelledScores(
      scores: targets.map { Float(draw.uniform()) + 0.3 * $0 }, targets: targets,
      observed: targets.map { _ in true }, classes: 1)
  }
}
