/// Agreement with scikit-learn 1.9.1 (numpy 2.4.6) on 40 clips × 5 classes with many ties.
/// The literals are printed by script/golden/metrics.py.
import Metrics
import Testing

@Suite struct ReferenceTests {
  @Test func macroAndMicroMetricsMatchTheReference() throws {
    let scores = try score(reference())
    #expect(scores.scored == 148 && scores.entries == 200)
    let expected: [Metric: Double] = [
      .apMacro: 0.7603555903538889, .apMicro: 0.6185519087317549,
      .rocAUCMacro: 0.7260449066757116, .f1Macro: 0.5878557504873294,
      .f1MacroBoth: 0.608200404608109, .f1Micro: 0.5454545454545454,
      .f1Instance: 0.5219780219780219, .auprcMacro: 0.7716021769545871,
      .auprcMicro: 0.6362598133405672, .dcaseF1: 0.5454545454545454,
    ]
    #expect(Set(scores.values.keys) == Set(expected.keys))
    for (metric, value) in expected {
      #expect(abs(try #require(scores.values[metric]) - value) < 1e-12, "\(metric.rawValue)")
    }
    #expect(scores.microPrecision == 0.5 && scores.microRecall == 0.6)
    #expect(scores.averaged[.apMacro] == 4)
    #expect(scores.averaged[.rocAUCMacro] == 3)
    #expect(scores.averaged[.f1Instance] == 39)
  }

  @Test func instanceF1HasItsOwnThreshold() throws {
    let scores = try score(reference(), instanceThreshold: 0.1)
    #expect(abs(try #require(scores.values[.f1Instance]) - 0.57125) < 1e-12)
    #expect(scores.averaged[.f1Instance] == 40)
    #expect(abs(try #require(scores.values[.f1Micro]) - 0.5454545454545454) < 1e-12)
    // Everything observed: what average="samples" says.
    let all = try reference()
    let full = try LabelledScores(
      scores: all.scores, targets: all.targets, observed: all.observed.map { _ in true },
      classes: 5)
    let samples = try score(full, instanceThreshold: 0.1).values[.f1Instance]
    #expect(abs(try #require(samples) - 0.5796825396825396) < 1e-12)
  }

  @Test func perClassMetricsMatchTheReference() throws {
    let perClass = try score(reference()).perClass
    expectClose(
      perClass.map(\.ap), [0.817710359815623, 0.6316286682665992, 0.5920833333333333, 1, nil])
    expectClose(
      perClass.map(\.auprc), [0.8282316367842685, 0.6424321607511263, 0.6157449102829536, 1, nil])
    expectClose(
      perClass.map(\.rocAUC),
      [0.8262032085561497, 0.6370192307692308, 0.7149122807017544, nil, nil])
    expectClose(
      perClass.map(\.f1), [0.6666666666666666, 0.56, 0.42105263157894735, 0.7037037037037037, nil])
    expectClose(
      perClass.map(\.f1Negative),
      [0.6896551724137931, 0.6666666666666666, 0.6451612903225806, nil, 0.5909090909090909])
  }

  private func expectClose(_ found: [Double?], _ expected: [Double?]) {
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) {
      #expect((a == nil) == (b == nil))
      #expect(abs((a ?? 0) - (b ?? 0)) < 1e-12)
    }
  }

  /// The numbers of script/golden/metrics.py: class 3 has no negative, class 4 no positive.
  private func reference() throws -> LabelledScores {
    var stream = Stream(state: 20_240_607)
    var scores: [Float] = []
    var targets: [Float] = []
    var observed: [Bool] = []
    for entry in 0..<200 {
      let score = Float(stream.below(17)) / 16
      let target: Float = Float(stream.below(16)) + 8 * score >= 12 ? 1 : 0
      scores.append(score)
      targets.append(entry % 5 == 3 ? 1 : entry % 5 == 4 ? 0 : target)
      observed.append(stream.below(4) > 0)
    }
    return try LabelledScores(scores: scores, targets: targets, observed: observed, classes: 5)
  }
}

private struct Stream {
  var state: UInt64

  mutating func below(_ n: UInt64) -> UInt64 {
    state = (state * 1_103_515_245 + 12_345) % (1 << 31)
    return (state >> 16) % n
  }
}
