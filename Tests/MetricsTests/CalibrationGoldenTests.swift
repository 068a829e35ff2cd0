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

  @Test func calibrationErrorOfEachClass() throws {
    let golden = try #require(try GoldenCase.all("calib_ece15_binary").first)
    let labelled = try LabelledScores(
      scores: try golden.values("in_logits").map { 1 / (1 + exp(-$0)) },
      targets: try golden.values("in_targets"),
      observed: try golden.values("in_observed_mask").map { $0 == 1 }, classes: 5)
    let reports = try (0..<5).map { try ClassReport(labelled, class: $0, bins: 15) }
    func perBin(_ value: (ClassReport.Bin) -> Double?) -> [Float] {
      reports.flatMap { $0.bins.map { Float(value($0) ?? 0) } }
    }
    try golden.expect(
      reports.map { Float($0.calibrationError ?? 0) }, equal: "out_ece_per_class")
    try golden.expect(perBin { Double($0.count) }, equal: "out_bin_count")
    try golden.expect(perBin(\.share), equal: "out_bin_accuracy")
    try golden.expect(perBin(\.score), equal: "out_bin_confidence")
    let counts = reports.map { $0.bins.reduce(0) { $0 + $1.count } }
    try golden.expect(counts.map { Float($0) }, equal: "out_n_observed")
    let errors = reports.compactMap(\.calibrationError)
    try golden.expect(
      [Float(errors.reduce(0, +) / Double(errors.count))], equal: "out_ece_class_mean")
  }

  /// A bin has its lower edge; the last one also has 1.
  @Test func edgesOfBins() throws {
    let golden = try #require(try GoldenCase.all("calib_ece15_edges").first)
    let labelled = try LabelledScores(
      scores: try golden.values("in_p"), targets: try golden.values("in_y"),
      observed: (0..<12).map { _ in true }, classes: 1)
    let report = try ClassReport(labelled, class: 0, bins: 15)
    try golden.expect(report.bins.map { Float($0.count) }, equal: "out_count_right_open")
    try golden.expect([Float(report.calibrationError ?? 0)], equal: "out_own_right_open")
    try golden.expect([Float(try Reliability(labelled).error ?? 0)], equal: "out_netcal")
    let calibration = try #require(Calibration(fitting: labelled))
    try golden.expect([Float(calibration.errorBefore)], equal: "out_netcal")
  }

  // MARK: temperature

  /// −ln of the probabilities of labels, mean over entries.
  private func crossEntropy(_ entries: ClassEntries, temperature: Double = 1) -> Float {
    let losses = zip(entries.scores, entries.isPositive).map { z, isPositive in
      let own = (isPositive ? -z : z) / temperature
      return max(own, 0) + log1p(exp(-abs(own)))
    }
    return Float(losses.reduce(0, +) / Double(max(losses.count, 1)))
  }

  /// Temperatures are compared more exactly than the case asks: the optimum has one value.
  @Test func temperatureOfLabels() throws {
    let golden = try #require(try GoldenCase.all("calib_temperature_multilabel").first)
    let classes = try entries(of: golden, "in_logits")
    let all = ClassEntries(
      scores: classes.flatMap(\.scores), isPositive: classes.flatMap(\.isPositive))
    func temperature(_ entries: ClassEntries) -> Double {
      TemperatureScaling(logits: entries.scores, isPositive: entries.isPositive).temperature
    }
    let found = temperature(all)
    #expect(abs(found - 1.4953417343532591) < 1e-9)
    try golden.expect([Float(found)], equal: "out_T_global_exact")
    try golden.expect([crossEntropy(all)], equal: "out_nll_global_before")
    try golden.expect([crossEntropy(all, temperature: found)], equal: "out_nll_global_after")
    // The optimum of the last class, which has only positives, is 0: the limit stands for it.
    let exact = try golden.values("out_T_per_class_exact")
    for (c, own) in classes.prefix(3).enumerated() {
      #expect(abs(Float(temperature(own)) - exact[c]) < 1e-6, "class \(c)")
    }
    #expect(exact[4] == 0 && abs(temperature(classes[4]) - 0.1) < 1e-9)
    try golden.expect(classes.map { crossEntropy($0) }, equal: "out_nll_class_before")
    let after = classes.prefix(3).map { crossEntropy($0, temperature: temperature($0)) }
    try golden.expect(after + [0, 0], equal: "out_nll_class_after")
  }

  @Test func temperatureOfExclusiveClasses() throws {
    let golden = try #require(try GoldenCase.all("calib_temperature_multiclass").first)
    let logits = try golden.values("in_logits").map { Double($0) }
    let rows = (0..<200).map { Array(logits[$0 * 5..<$0 * 5 + 5]) }
    let labels = try golden.values("in_labels").map { Int($0) }
    let found = TemperatureScaling(rows: rows, labels: labels).temperature
    #expect(abs(found - 1.626558224706252) < 1e-9)
    try golden.expect([Float(found)], equal: "out_T_exact")
    func probabilities(_ temperature: Double) -> [[Double]] {
      rows.map { row in
        let powers = row.map { exp($0 / temperature) }
        return powers.map { $0 / powers.reduce(0, +) }
      }
    }
    func crossEntropy(_ temperature: Double) -> Float {
      let losses = zip(probabilities(temperature), labels).map { -log($0[$1]) }
      return Float(losses.reduce(0, +) / 200)
    }
    try golden.expect([crossEntropy(1)], equal: "out_nll_before")
    try golden.expect([crossEntropy(found)], equal: "out_nll_exact")
    // The authors' calibration error is that of the most probable class.
    func error(_ temperature: Double) throws -> Float {
      let best = probabilities(temperature).map { row in
        row.enumerated().max { $0.element < $1.element } ?? (0, 0)
      }
      let labelled = try LabelledScores(
        scores: best.map { Float($0.element) },
        targets: zip(best, labels).map { $0.offset == $1 ? 1 : 0 },
        observed: best.map { _ in true }, classes: 1)
      return Float(try Reliability(labelled).error ?? 0)
    }
    try golden.expect([try error(1)], equal: "out_ece15_before")
    try golden.expect(
      [try error(Double(try golden.number("out_T_lbfgs")))], equal: "out_ece15_after")
  }

  /// The prior halves the way from 1 for few labels, and is nothing for many.
  @Test func priorKeepsTheTemperatureOfFewLabelsNearOne() {
    let few: ([Double], [Bool]) = ([2, 1, -1, -2], [true, true, false, false])
    func temperature(times count: Int, _ spread: Double?) -> Double {
      let logits = (0..<count).flatMap { _ in few.0 + [-0.5] }
      let labels = (0..<count).flatMap { _ in few.1 + [true] }
      return TemperatureScaling(logits: logits, isPositive: labels, spread: spread).temperature
    }
    let free = temperature(times: 1, nil)
    #expect(abs(log(temperature(times: 1, 0.5))) < 0.8 * abs(log(free)))
    #expect(abs(temperature(times: 4000, 0.5) - free) < 1e-3)
  }

  /// A threshold is as good as the reference's if it selects the same clips' F1.
  @Test func thresholdsReachTheBestF1() throws {
    let golden = try #require(try GoldenCase.all("calib_f1_threshold").first)
    let classes = try entries(of: golden, "in_prob")
    let best = try golden.values("out_f1")
    let counts = try golden.values("out_n_predicted")
    let lower = try golden.values("out_next_lower_score")
    let highest = try golden.values("out_threshold")
    for (c, own) in classes.enumerated() where best[c] > 0 && best[c] < 1 {
      let labelled = try LabelledScores(
        scores: own.scores.map { Float($0) }, targets: own.isPositive.map { $0 ? 1 : 0 },
        observed: own.scores.map { _ in true }, classes: 1)
      let calibration = try #require(Calibration(fitting: labelled))
      let chosen = calibration.calibrated(labelled.scores).map { $0 >= calibration.thresholds[0] }
      let hits = zip(chosen, own.isPositive).count { $0 && $1 }
      let f1 = 2 * Double(hits) / Double(chosen.count { $0 } + own.isPositive.count { $0 })
      #expect(abs(f1 - Double(best[c])) < 1e-6, "class \(c)")
      #expect(chosen.count { $0 } == Int(counts[c]), "class \(c)")
      let raw = calibration.uncalibrated(calibration.thresholds[0])
      #expect(raw > lower[c] && raw <= highest[c], "class \(c): \(raw)")
    }
  }
}
