/// The band against every way to answer the missing labels.
import Metrics
import Testing

@Suite struct WorstCaseBoundsTests {
  private static let metrics: [Metric] = [
    .f1Macro, .f1MacroBoth, .f1Micro, .apMacro, .apMicro, .rocAUCMacro,
  ]

  /// All completions, one by one.
  private func bruteForce(_ labelled: LabelledScores) throws -> [Metric: ClosedRange<Double>] {
    let missing = labelled.observed.indices.filter { !labelled.observed[$0] }
    var found: [Metric: (Double, Double)] = [:]
    for answers in 0..<(1 << missing.count) {
      var targets = labelled.targets
      for (bit, entry) in missing.enumerated() { targets[entry] = Float(answers >> bit & 1) }
      let whole = try LabelledScores(
        scores: labelled.scores, targets: targets, observed: targets.map { _ in true },
        classes: labelled.classes)
      let values = try score(whole).values
      for metric in Self.metrics {
        guard let value = values[metric] else { continue }
        let known = found[metric] ?? (value, value)
        found[metric] = (min(known.0, value), max(known.1, value))
      }
    }
    return found.mapValues { $0.0...$0.1 }
  }

  /// `levels`: how many different scores there are; 0: all differ.
  private func drawn(_ seed: Int, clips: Int, classes: Int, levels: Int) throws -> LabelledScores {
    var draw = Draw(state: UInt64(seed))
    let count = clips * classes
    let shares = [0.0, 0.3, 0.5, 1]
    let share = shares[draw.below(4)], positives = shares[draw.below(4)]
    return try LabelledScores(
      scores: (0..<count).map { _ in
        levels > 0 ? Float(draw.below(levels)) / Float(levels) + 0.1 : Float(draw.uniform())
      }, targets: (0..<count).map { _ in draw.uniform() < positives ? 1 : 0 },
      observed: (0..<count).map { i in i >= 10 && draw.uniform() >= share }, classes: classes)
  }

  @Test(arguments: 0..<60) func boundsMatchBruteForce(seed: Int) throws {
    let classes = 1 + seed % 3
    let labelled = try drawn(seed, clips: 12 / classes, classes: classes, levels: 0)
    let band = try #require(WorstCaseBounds(labelled))
    let truth = try bruteForce(labelled)
    for metric in Self.metrics { try compare(band.ranges[metric], truth[metric], "\(metric)") }
  }

  @Test(arguments: 100..<130) func tiedScoresKeepF1AndROCBoundsExact(seed: Int) throws {
    let labelled = try drawn(seed, clips: 6, classes: 2, levels: 3)
    let band = try #require(WorstCaseBounds(labelled))
    let truth = try bruteForce(labelled)
    for metric in [Metric.f1Macro, .f1MacroBoth, .f1Micro, .rocAUCMacro] {
      try compare(band.ranges[metric], truth[metric], "\(metric)")
    }
    for metric in [Metric.apMacro, .apMicro] {
      guard let found = band.ranges[metric], let wide = truth[metric] else { continue }
      #expect(wide.lowerBound <= found.lowerBound + 1e-9, "\(metric)")
      #expect(found.upperBound <= wide.upperBound + 1e-9, "\(metric)")
    }
  }

  private func compare(
    _ found: ClosedRange<Double>?, _ truth: ClosedRange<Double>?, _ name: String
  ) throws {
    guard let truth else {
      #expect(found == nil, "\(name)")
      return
    }
    let found = try #require(found, "\(name)")
    #expect(abs(found.lowerBound - truth.lowerBound) < 1e-9, "\(name) \(found) \(truth)")
    #expect(abs(found.upperBound - truth.upperBound) < 1e-9, "\(name) \(found) \(truth)")
  }

  @Test func observedScoreMayLieOutsideTheBounds() throws {
    // One found positive is all that is known; the three other decisions may all be wrong.
    let labelled = try LabelledScores(
      scores: [0.9, 0.8, 0.7, 0.6], targets: [1, 0, 0, 0], observed: [true, false, false, false],
      classes: 1)
    let band = try #require(WorstCaseBounds(labelled))
    #expect(band.ranges[.f1Macro] == 0.4...1)
    #expect(try score(labelled).values[.f1Macro] == 1)
  }

  @Test func boundsNeedMissingLabelsAndFiniteScores() throws {
    func scores(_ value: Float, _ isSeen: Bool) throws -> LabelledScores {
      try LabelledScores(
        scores: [0.2, value], targets: [0, 1], observed: [true, isSeen], classes: 1)
    }
    #expect(WorstCaseBounds(try scores(0.7, true)) == nil)
    #expect(WorstCaseBounds(try scores(.nan, false)) == nil)
    #expect(WorstCaseBounds(try scores(0.7, false)) != nil)
  }
}
