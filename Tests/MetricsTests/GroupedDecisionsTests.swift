// Counting by group gives the scores of `score`, and what cannot be compared is refused.
import Metrics
import Testing

@Suite struct GroupedDecisionsTests {
  @Test func valuesAreThoseOfScore() throws {
    let methods = try SimulatedMethods([.init(0.8), .init(0.6)], groups: 40, seed: 1)
    let decisions = try methods.decisions()
    for (value, labelled) in zip(decisions.values, methods.labelled) {
      #expect(value == (try score(labelled).values[.f1MacroBoth]))
    }
    #expect(decisions.f1[0][1] == (try score(methods.labelled[0]).perClass[1].f1))
    #expect(decisions.metric == .f1MacroBoth && decisions.groups == 40)
  }

  @Test func accuracyIsThatOfScoreWithMissingLabels() throws {
    let labelled = try LabelledScores(
      scores: [[0.3, 0.2], [0.1, 0.4], [0.9, 0.1], [0.2, 0.1]],
      targets: [[1, 0], [1, 0], [0, 1], [1, 0]],
      observed: [[true, true], [true, true], [true, true], [false, true]], isSingleLabel: true)
    let decisions = try GroupedDecisions([labelled], groups: ["a", "a", "b", "b"])
    #expect(decisions.metric == .accuracy && decisions.groups == 2)
    #expect(decisions.values[0] == (try score(labelled).values[.accuracy]))
    #expect(decisions.positives == [2, 1] && decisions.negatives == [1, 3])
    #expect(decisions.groupsWithPositives == [1, 1])
    // The first class is the more frequent one: 2 of 3.
    #expect(decisions.baseline == 2.0 / 3)
  }

  @Test func theBaselineOfSeveralClassesHearsNothing() throws {
    let labelled = try LabelledScores(
      scores: [0.9, 0.9, 0.9, 0.9], targets: [1, 0, 0, 0],
      observed: [true, true, true, true], classes: 1)
    let decisions = try GroupedDecisions([labelled], groups: ["a", "b", "c", "d"])
    // F1 of present 0, of absent 6/7.
    #expect(abs((decisions.baseline ?? 0) - 3.0 / 7) < 1e-12)
  }

  @Test func otherLabelsAndBadScoresAreRefused() throws {
    func labelled(_ score: Float, _ target: Float) throws -> LabelledScores {
      try LabelledScores(scores: [score], targets: [target], observed: [true], classes: 1)
    }
    let (good, other) = try (labelled(0.5, 1), labelled(0.5, 0))
    #expect(throws: MetricError.self) { try GroupedDecisions([good, other], groups: ["a"]) }
    #expect(throws: MetricError.self) { try GroupedDecisions([good], groups: ["a", "b"]) }
    #expect(throws: MetricError.self) { try GroupedDecisions([], groups: []) }
    let bad = try labelled(.nan, 1)
    #expect(throws: MetricError.self) { try GroupedDecisions([good, bad], groups: ["a"]) }
  }

  @Test func mistakesNameTheOtherClass() throws {
    // Drums missed twice while dog is found, once where dog's label is missing; one false alarm of
    // dog on drums.
    let labelled = try LabelledScores(
      scores: [[0.1, 0.9], [0.1, 0.9], [0.9, 0.1], [0.9, 0.9]],
      targets: [[1, 0], [1, 0], [1, 0], [1, 0]],
      observed: [[true, true], [true, false], [true, true], [true, true]])
    let mistakes = try ClassMistakes(labelled)
    #expect(mistakes.misses == [2, 0] && mistakes.falseAlarms == [0, 2])
    #expect(mistakes.heardInstead[0][1] == 1 && mistakes.heardInstead[1][0] == 0)
    #expect(mistakes.falseAlarmsOn[1][0] == 2 && mistakes.together[0][1] == 0)
  }

  @Test func theCurveIsThePowerLawItCameFrom() throws {
    let points = [20.0, 40, 80, 160].map { (labels: $0, score: 0.9 - 1.2 / $0.squareRoot()) }
    let fit = try #require(PowerLaw(fitting: points))
    #expect(fit.exponent == 0.5 && abs(fit.limit - 0.9) < 1e-9 && abs(fit.scale - 1.2) < 1e-9)
    #expect(abs(fit(320) - (0.9 - 1.2 / 320.0.squareRoot())) < 1e-9)
    // Two points that rise steeply would pass 1: the limit stays there.
    let steep = try #require(PowerLaw(fitting: [(10, 0.2), (20, 0.9)]))
    #expect(steep.limit == 1 && steep(1e9) <= 1)
    #expect(PowerLaw(fitting: [(10, 0.5)]) == nil && PowerLaw(fitting: [(5, 1), (5, 1)]) == nil)
    #expect(PowerLaw(fitting: [(0, 0.5), (5, 0.6)]) == nil)
  }
}
