import Foundation
import Metrics
import Testing

@Suite struct CalibrationTests {
  /// 4000 clips whose labels follow σ(z), scored with σ(3 z): three times too confident.
  private func overconfident() throws -> LabelledScores {
    var state: UInt64 = 7
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
    let logits = (0..<4000).map { _ in uniform() * 6 - 3 }
    return try LabelledScores(
      scores: logits.map { Float(sigmoid(3 * $0)) },
      targets: logits.map { uniform() < sigmoid($0) ? 1 : 0 },
      observed: [Bool](repeating: true, count: 4000), classes: 1)
  }

  @Test func theTemperatureUndoesOverconfidence() throws {
    let calibration = try #require(Calibration(fitting: try overconfident()))
    #expect(abs(calibration.temperature - 3) < 0.5)
    let after = try #require(calibration.errorAfter)
    #expect(calibration.errorBefore > 0.1 && after < 0.06)
  }

  @Test func scalingKeepsTheOrder() throws {
    let labelled = try overconfident()
    let calibration = try #require(Calibration(fitting: labelled))
    let scaled = calibration.calibrated(labelled.scores)
    let order = labelled.scores.indices.sorted { labelled.scores[$0] < labelled.scores[$1] }
    #expect(zip(order, order.dropFirst()).allSatisfy { scaled[$0] <= scaled[$1] })
  }

  /// Class 0 is found from 0.3 on; class 1 has two labels and takes the threshold of all entries.
  @Test func aClassWithFewLabelsTakesTheSharedThreshold() throws {
    let scores: [Float] = [0.1, 0.15, 0.2, 0.22, 0.25, 0.35, 0.4, 0.45, 0.6, 0.9]
    let rows = scores.map { [$0, $0] }
    let targets: [[Float]] = scores.map { [$0 > 0.3 ? 1 : 0, $0 > 0.3 ? 1 : 0] }
    let observed = scores.indices.map { [true, $0 == 0 || $0 == 9] }
    let calibration = try #require(
      Calibration(fitting: try LabelledScores(scores: rows, targets: targets, observed: observed)))
    #expect(calibration.isOwnThreshold == [true, false])
    #expect(calibration.errorAfter == nil)
    let scaled = calibration.calibrated(scores)
    #expect(scaled.map { $0 >= calibration.thresholds[0] } == scores.map { $0 > 0.3 })
    #expect(calibration.thresholds[0] == calibration.thresholds[1])
  }

  @Test func labelsOfOneKindCannotBeCalibrated() throws {
    let labelled = try LabelledScores(
      scores: [0.2, 0.8], targets: [1, 1], observed: [true, true], classes: 1)
    #expect(Calibration(fitting: labelled) == nil)
  }
}
