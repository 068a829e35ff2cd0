/// Small cases worked out by hand: ties, empty classes, missing labels, soft targets.
import Metrics
import Testing

@Suite struct ScoresTests {
  @Test func tiedScoresFormOneThreshold() throws {
    // 0.9: one positive; 0.5: a positive and two negatives; 0.1: a positive.
    let scores = try oneClass([0.9, 0.5, 0.5, 0.5, 0.1], [1, 1, 0, 0, 1])
    let ap = (1.0 + 2.0 / 4 + 3.0 / 5) / 3
    #expect(abs(try #require(scores.perClass[0].ap) - ap) < 1e-15)
    // Pairs won: 2 + 2 × ½ + 0 of 6.
    #expect(scores.perClass[0].rocAUC == 0.5)
  }

  @Test func orderOfTiedEntriesDoesNotMatter() throws {
    let a = try oneClass([0.5, 0.5, 0.5, 0.2], [1, 0, 0, 1])
    let b = try oneClass([0.2, 0.5, 0.5, 0.5], [1, 0, 0, 1])
    #expect(a.values == b.values)
    #expect(a.perClass[0].ap == (1.0 / 3 + 2.0 / 4) / 2)
  }

  @Test func scoresBelowZeroRankBelowZeroAndZerosTie() throws {
    let scores = try oneClass([-3, -0.0, 0.0, 2, -1], [0, 0, 1, 1, 0])
    #expect(scores.perClass[0].rocAUC == (3.0 + 2.5) / 6)
    let plain = try oneClass([-3, 0, 0, 2, -1], [0, 0, 1, 1, 0])
    #expect(scores == plain)
  }

  @Test func classesWithoutPositivesAreExcludedAndCounted() throws {
    let scores = try score(
      LabelledScores(
        scores: [[0.9, 0.9], [0.1, 0.2]], targets: [[1, 0], [0, 0]],
        observed: [[true, true], [true, true]]))
    #expect(scores.perClass[1].ap == nil && scores.perClass[1].rocAUC == nil)
    #expect(scores.perClass[1].f1 == nil && scores.perClass[1].recall == nil)
    #expect(scores.perClass[1].precision == 0)
    #expect(scores.values[.apMacro] == 1 && scores.averaged[.apMacro] == 1)
    #expect(scores.values[.f1Macro] == 1 && scores.averaged[.f1Macro] == 1)
    #expect(scores.averaged[.f1MacroBoth] == 1)
  }

  @Test func rocIsUndefinedWithoutNegatives() throws {
    let scores = try oneClass([0.9, 0.2], [1, 1])
    #expect(scores.values[.apMacro] == 1)
    #expect(scores.values[.rocAUCMacro] == nil && scores.averaged[.rocAUCMacro] == nil)
    #expect(scores.values[.f1MacroBoth] == nil)
    #expect(scores.values[.f1Macro] == 2.0 / 3)
  }

  @Test func withoutObservedLabelsNothingIsScored() throws {
    let scores = try score(
      LabelledScores(scores: [[0.4]], targets: [[1]], observed: [[false]]))
    #expect(scores.values.isEmpty && scores.scored == 0 && scores.entries == 1)
  }

  @Test func missingEntriesNeverCount() throws {
    let observed = [[true, false], [true, true], [false, true]]
    func values(hidden: Float, target: Float) throws -> Scores {
      try score(
        LabelledScores(
          scores: [[0.8, hidden], [0.3, 0.6], [hidden, 0.4]],
          targets: [[1, target], [0, 1], [target, 0]], observed: observed))
    }
    let plain = try values(hidden: 0.5, target: 0)
    #expect(plain.scored == 4)
    #expect(try values(hidden: 1, target: 1) == plain)
    #expect(try values(hidden: .nan, target: 1) == plain)
  }

  @Test func decisionsAreMadeAtTheThreshold() throws {
    let labelled = try LabelledScores(
      scores: [0.5, 0.49, 0.7, 0.1], targets: [1, 1, 0, 0],
      observed: [true, true, true, true], classes: 1)
    let half = try score(labelled)
    #expect(half.perClass[0].precision == 0.5 && half.perClass[0].recall == 0.5)
    #expect(half.values[.f1MacroBoth] == 0.5)
    let low = try score(labelled, threshold: 0.05)
    #expect(low.perClass[0].recall == 1 && low.values[.f1Micro] == 2.0 / 3)
  }

  @Test func softTargetsOfOneHalfArePositive() throws {
    let scores = try oneClass([0.9, 0.8, 0.1], [0.5, 0.49, 0.2])
    #expect(scores.perClass[0].positives == 1 && scores.perClass[0].ap == 1)
  }

  @Test func instanceF1LeavesOutClipsWithNothingToFind() throws {
    let scores = try score(
      LabelledScores(
        scores: [[0.9, 0.9], [0.1, 0.1], [0.1, 0.8]], targets: [[1, 0], [0, 0], [1, 1]],
        observed: Array(repeating: [true, true], count: 3)))
    #expect(abs(try #require(scores.values[.f1Instance]) - 2.0 / 3) < 1e-15)
    #expect(scores.averaged[.f1Instance] == 2)
  }

  @Test func accuracyIsTheArgmaxOfSingleLabelSets() throws {
    let labelled = try LabelledScores(
      scores: [[0.2, 0.3, 0.1], [0.2, 0.2, 0.1], [0.1, 0.2, 0.9]],
      targets: [[0, 1, 0], [0, 1, 0], [0, 0, 1]],
      observed: Array(repeating: [true, true, true], count: 3), isSingleLabel: true)
    // The second clip ties: the first class counts as the highest, and it is wrong.
    #expect(try score(labelled).values[.accuracy] == 2.0 / 3)
    #expect(try oneClass([0.9], [1]).values[.accuracy] == nil)
  }

  @Test func nonFiniteScoresAreErrors() {
    #expect(throws: MetricError.self) { try oneClass([0.1, .nan], [1, 0]) }
    #expect(throws: MetricError.nonFinite(score: .infinity, clip: 1, classIndex: 0)) {
      try oneClass([0.1, .infinity], [1, 0])
    }
  }

  @Test func mismatchedShapesAreErrors() {
    #expect(throws: MetricError.shape(what: "targets", count: 1, expected: "2 clips × 1 classes")) {
      try LabelledScores(scores: [1, 2], targets: [1], observed: [true, true], classes: 1)
    }
    #expect(throws: MetricError.shape(what: "a row", count: 2, expected: "1 classes")) {
      try LabelledScores(scores: [[1], [2]], targets: [[1], [1, 0]], observed: [[true], [true]])
    }
  }

  @Test func manyEntriesAgreeWithCountingPairs() throws {
    // 1,009 is prime: scores repeat, and the order is far from sorted.
    let scores = (0..<900).map { Float(($0 * 577) % 1009 / 4) - 100 }
    let targets = (0..<900).map { Float(($0 * $0) % 7 < 2 ? 1 : 0) }
    var won = 0.0
    var pairs = 0.0
    for i in 0..<900 where targets[i] == 1 {
      for j in 0..<900 where targets[j] == 0 {
        won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0
        pairs += 1
      }
    }
    #expect(try oneClass(scores, targets).perClass[0].rocAUC == won / pairs)
  }

  private func oneClass(_ scores: [Float], _ targets: [Float]) throws -> Scores {
    try score(
      LabelledScores(
        scores: scores, targets: targets, observed: scores.map { _ in true }, classes: 1))
  }
}
