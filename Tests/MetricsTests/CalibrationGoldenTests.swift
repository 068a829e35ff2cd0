// Calibration against reference implementations.
import Foundation
import Metrics
import TestSupport
import Testing

/// Observed logits or probabilities of one class, with their labels.
private struct ClassEntries {
  var scores: [Double] = []
  var isPositive: [Bool] = []
}

private func entries(of golden: GoldenCase, _ array: String) throws -> [ClassEntries] {
  let (scores, targets) = (try golden.values(array), try golden.values("in_targets"))
  let observed = try golden.values("in_observed_mask")
  var classes = [ClassEntries](repeating: ClassEntries(), count: 5)
  for place in scores.indices where observed[place] == 1 {
    classes[place % 5].scores.append(Double(scores[place]))
    classes[place % 5].isPositive.append(targets[place] == 1)
  }
  return classes
}

@Suite(.enabled(if: SharedData.isPresent, "the golden values lie in ../shared/data/golden/losses"))
struct CalibrationGoldenTests {
  @Test func plattScalingOfEachClass() throws {
    let golden = try #require(try GoldenCase.all("calib_platt").first)
    let classes = try entries(of: golden, "in_logits")
    let smoothed = classes.map { PlattScaling(logits: $0.scores, isPositive: $0.isPositive) }
    let plain = classes.map {
      PlattScaling(logits: $0.scores, isPositive: $0.isPositive, isSmoothed: false)
    }
    func pairs(_ fits: [PlattScaling?]) -> [Float] {
      fits.flatMap { [Float($0?.slope ?? 0), Float($0?.offset ?? 0)] }
    }
    try golden.expect(pairs(smoothed), equal: "out_AB_smoothed_exact")
    try golden.expect(pairs(plain), equal: "out_AB_plain_exact")
    let logits = try golden.values("in_logits")
    let probabilities = logits.enumerated().map { place, z in
      Float(smoothed[place % 5]?.probability(Double(z)) ?? 0)
    }
    try golden.expect(probabilities, equal: "out_prob_smoothed")
    #expect(smoothed[3] == nil && plain[4] == nil)
  }

  @Test func expectedF1() throws {
    let golden = try #require(try GoldenCase.all("calib_lipton").first)
    let best = try #require(
      ExpectedF1(probabilities: try golden.values("in_prob_desc").map { Double($0) }))
    try golden.expect([Float(best.value)], equal: "out_F_star")
    try golden.expect([Float(best.threshold)], equal: "out_threshold")
    #expect(best.chosen == Int(try golden.number("out_n_selected")))
  }

  @Test func calibrationErrorOfObservedEntries() throws {
    let golden = try #require(try GoldenCase.all("calib_ece15_binary").first)
    let labelled = try LabelledScores(
      scores: try golden.values("in_logits").map { 1 / (1 + exp(-$0)) },
      targets: try golden.values("in_targets"),
      observed: try golden.values("in_observed_mask").map { $0 == 1 }, classes: 5)
    let calibration = try #require(Calibration(fitting: labelled))
    try golden.expect([Float(calibration.errorBefore)], equal: "out_ece_pooled")
  }

  /// A threshold is as good as the reference's if it selects the same clips' F1.
  @Test func thresholdsReachTheBestF1() throws {
    let golden = try #require(try GoldenCase.all("calib_f1_threshold").first)
    let classes = try entries(of: golden, "in_prob")
    let best = try golden.values("out_f1")
    for (c, own) in classes.enumerated() where best[c] > 0 && best[c] < 1 {
      let labelled = try LabelledScores(
        scores: own.scores.map { Float($0) }, targets: own.isPositive.map { $0 ? 1 : 0 },
        observed: own.scores.map { _ in true }, classes: 1)
      let calibration = try #require(Calibration(fitting: labelled))
      let chosen = calibration.calibrated(labelled.scores).map { $0 >= calibration.thresholds[0] }
      let hits = zip(chosen, own.isPositive).count { $0 && $1 }
      let f1 = 2 * Double(hits) / Double(chosen.count { $0 } + own.isPositive.count { $0 })
      #expect(abs(f1 - Double(best[c])) < 1e-6, "class \(c)")
    }
  }
}
