// Calibration and thresholds chosen on validation clips, and what they make of a test.
import Foundation
import Metrics
import Testing

@Suite struct DecisionRuleTests {
  /// Clips whose probability of class 0 is right and whose other probabilities are `distorted`.
  private func clips(
    _ count: Int, seed: UInt64, observed: Double = 1, distorted: (Double) -> Double
  ) throws -> LabelledScores {
    var draw = Draw(state: seed)
    var (scores, targets, known) = ([Float](), [Float](), [Bool]())
    for _ in 0..<count {
      for index in 0..<3 {
        let p = 1 / (1 + exp(-2 * draw.normal() + 1))
        targets.append(draw.uniform() < p ? 1 : 0)
        scores.append(Float(index == 0 ? p : distorted(p)))
        known.append(draw.uniform() < observed)
      }
    }
    return try LabelledScores(scores: scores, targets: targets, observed: known, classes: 3)
  }

  /// As B0's: every probability is a share of the true one.
  private func sunken(_ p: Double) -> Double { 0.3 * p }

  private func f1(_ decided: DecidedScores) throws -> Double {
    try #require(try score(decided).values[.f1MacroBoth])
  }

  @Test func sunkenProbabilitiesAreMendedByThresholds() throws {
    let validation = try clips(600, seed: 1, distorted: sunken)
    let test = try clips(2000, seed: 2, distorted: sunken)
    let honest = try clips(2000, seed: 2) { $0 }
    let before = try #require(try score(test).values[.f1MacroBoth])
    let best = try #require(try score(honest).values[.f1MacroBoth])
    #expect(best > before + 0.2)
    for (calibration, rule) in [
      (Recalibration.none, ThresholdRule.f1), (.none, .priorCorrected), (.platt, .half),
      (.platt, .expectedF1), (.temperature, .f1),
    ] {
      let chosen = try #require(DecisionRule(calibration, rule, fitting: validation))
      let after = try f1(chosen.applied(to: test))
      #expect(after > best - 0.03, "\(calibration) \(rule): \(after) of \(best)")
      #expect(chosen.shared.isEmpty)
    }
  }

  /// Elkan & Noto: the mean probability of positives is c times that of right probabilities.
  @Test func priorCorrectionFindsTheFactor() throws {
    let honest = try clips(4000, seed: 3) { $0 }
    let sunken = try clips(4000, seed: 3, distorted: sunken)
    let right = try #require(DecisionRule(.none, .priorCorrected, fitting: honest)).thresholds
    let found = try #require(DecisionRule(.none, .priorCorrected, fitting: sunken)).thresholds
    #expect(abs(found[1] / right[1] - 0.3) < 1e-4 && abs(found[0] - right[0]) < 1e-6)
  }

  @Test func aTemperatureKeepsDecisionsAndMendsConfidence() throws {
    // Twice the logits: the network is overconfident.
    func sharp(_ p: Double) -> Double { p * p / (p * p + (1 - p) * (1 - p)) }
    let validation = try clips(600, seed: 4, distorted: sharp)
    let test = try clips(2000, seed: 5, distorted: sharp)
    let chosen = try #require(DecisionRule(.temperature, .half, fitting: validation))
    let after = chosen.applied(to: test)
    #expect(after.decisions == test.scores.map { $0 >= 0.5 })
    let (before, scaled) = (try Reliability(test), try Reliability(after.labelled))
    #expect(try #require(scaled.error) < 0.7 * (before.error ?? 0))
    #expect(try #require(chosen.temperature) > 1.2)
  }

  @Test func classesWithFewLabelsShareAThreshold() throws {
    let all = try clips(200, seed: 6, distorted: sunken)
    let few = try LabelledScores(
      scores: all.scores, targets: all.targets,
      observed: all.observed.indices.map { $0 % 3 != 2 || $0 < 12 }, classes: 3)
    let chosen = try #require(DecisionRule(.none, .f1, fitting: few))
    #expect(chosen.shared == [2])
    let pooled = try #require(Calibration(fitting: few))
    #expect(Set(chosen.thresholds).count == 3 && pooled.isOwnThreshold == [true, true, false])
    let alike = try LabelledScores(
      scores: all.scores, targets: all.targets.map { _ in 1 }, observed: all.observed, classes: 3)
    #expect(DecisionRule(.platt, .half, fitting: alike) == nil)
  }

  /// Thresholds chosen on noise do better than chance on the clips that they were chosen on, and
  /// not on the other half.
  @Test func crossFittingDoesNotRewardItself() throws {
    var draw = Draw(state: 7)
    let count = 60
    let noise = try LabelledScores(
      scores: (0..<count).map { _ in Float(draw.uniform()) },
      targets: (0..<count).map { _ in draw.uniform() < 0.5 ? 1 : 0 },
      observed: (0..<count).map { _ in true }, classes: 1)
    let own = try #require(DecisionRule(.none, .f1, fitting: noise)).applied(to: noise)
    let crossed = try #require(DecisionRule.crossFitted(.none, .f1, noise))
    let (mine, honest) = (try score(own).values[.f1Macro], try score(crossed).values[.f1Macro])
    #expect(try #require(honest) < (mine ?? 0))
    #expect(crossed.labelled.scores == noise.scores && crossed.labelled.targets == noise.targets)
  }

  @Test func decisionsReplaceTheThreshold() throws {
    let labelled = try clips(50, seed: 8, observed: 0.7) { $0 }
    let rule = try #require(DecisionRule(.none, .half, fitting: labelled, threshold: 0.3))
    let decided = rule.applied(to: labelled)
    #expect(decided.decisions == labelled.scores.map { $0 >= 0.3 })
    #expect(try score(decided) == score(labelled, threshold: 0.3))
  }

  @Test func diagramBinsAllClasses() throws {
    let labelled = try clips(400, seed: 9, observed: 0.5) { $0 }
    let diagram = try Reliability(labelled)
    #expect(diagram.bins.count == 10)
    #expect(diagram.bins.reduce(0) { $0 + $1.count } == labelled.scored)
    let calibration = try #require(Calibration(fitting: labelled))
    #expect(abs(try #require(diagram.error) - calibration.errorBefore) < 1e-12)
    #expect(try #require(diagram.error) < 0.08, "right probabilities")
    let copy = try JSONDecoder().decode(Reliability.self, from: JSONEncoder().encode(diagram))
    #expect(copy == diagram)
  }

  @Test func scoresAfterTrainingHaveTheirIds() throws {
    let validation = try clips(300, seed: 10, distorted: sunken)
    let test = try clips(300, seed: 11, distorted: sunken)
    let found = try #require(try AfterTraining(validation: validation, test: test))
    #expect(Set(found.scores.keys) == Set(AfterTraining.ids))
    let chosen = try #require(DecisionRule(.none, .f1, fitting: validation))
    #expect(found.scores["f1-macro-both@f1"] == (try f1(chosen.applied(to: test))))
    #expect(found.scores["ece"] == (try Reliability(test)).error)
    #expect(found.diagrams.count == 6 && found.sharing == 0)
    #expect(AfterTraining.ids.contains("f1-micro@platt+expected-f1"))
  }
}
