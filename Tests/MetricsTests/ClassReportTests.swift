// Precision, recall and calibration of a class, against counts made by hand.
import Metrics
import Testing

@Suite struct ClassReportTests {
  private func report(
    _ scores: [Float], _ targets: [Float], observed: [Bool]? = nil
  ) throws -> ClassReport {
    try ClassReport(
      LabelledScores(
        scores: scores, targets: targets, observed: observed ?? targets.map { _ in true },
        classes: 1), class: 0)
  }

  @Test func pointsAreThoseOfEveryDistinctScore() throws {
    let report = try report([0.9, 0.6, 0.6, 0.4, 0.1], [1, 1, 0, 0, 1])
    #expect(report.points.map(\.threshold) == [0.9, 0.6, 0.4, 0.1])
    #expect(report.points.map(\.truePositives) == [1, 2, 2, 3])
    #expect(report.points.map(\.falsePositives) == [0, 1, 2, 2])
    #expect(report.points[1].precision == 2.0 / 3 && report.points[1].recall == 2.0 / 3)
    #expect(report.best?.threshold == 0.1 && report.best?.f1 == 0.75)
    #expect(report.at(0.95).recall == 0 && report.at(0.95).precision == nil)
    #expect(report.at(0.5).truePositives == 2 && report.at(0.5).trueNegatives == 1)
    #expect(report.at(0).falseNegatives == 0)
  }

  @Test func missingLabelsDoNotCount() throws {
    let report = try report(
      [0.9, 0.8, .nan], [1, 1, 1], observed: [true, false, false])
    #expect(report.positives == 1 && report.negatives == 0 && report.points.count == 1)
    #expect(throws: MetricError.self) { try self.report([.nan], [1]) }
    let none = try self.report([0.5], [1], observed: [false])
    #expect(none.best == nil && none.calibrationError == nil && none.points.isEmpty)
    #expect(none.at(0.5).recall == nil)
  }

  @Test func binsCompareProbabilityAndShare() throws {
    // Ten entries of 0.85, seven of them right: off by 0.15. Two of 0.05, none right.
    let report = try report(
      Array(repeating: 0.85, count: 10) + [0.05, 0.05],
      Array(repeating: 1, count: 7) + [0, 0, 0, 0, 0])
    let bin = report.bins[8]
    #expect(bin.count == 10 && bin.share == 0.7 && abs((bin.score ?? 0) - 0.85) < 1e-6)
    #expect(report.bins[0].count == 2 && report.bins[4].share == nil)
    #expect(abs((report.calibrationError ?? 0) - (10 * 0.15 + 2 * 0.05) / 12) < 1e-6)
    #expect(try self.report([1, 0], [1, 0]).bins[9].count == 1)
  }
}
