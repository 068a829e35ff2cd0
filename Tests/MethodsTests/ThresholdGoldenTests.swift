// Rules for pseudo-labels against the authors' code.
import Autograd
import Foundation
import Methods
import TestSupport
import Testing

/// Rows of width K of the values of an array.
private func rows(_ values: some Collection<Float>, _ width: Int) -> [[Double]] {
  let all = values.map { Double($0) }
  return stride(from: 0, to: all.count, by: width).map { Array(all[$0..<$0 + width]) }
}

private func softmax(_ row: [Double]) -> [Double] {
  let largest = row.max() ?? 0
  let powers = row.map { exp($0 - largest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}

private func floats(_ values: [Double]) -> [Float] { values.map { Float($0) } }

@Suite(.enabled(if: SharedData.isPresent, "the golden values lie in ../shared/data/golden/losses"))
struct ThresholdGoldenTests {
  @Test(arguments: try GoldenLoss.all("cap"))
  func classAware(of golden: GoldenLoss) throws {
    let logits = try golden.tensor("in_logits_weak_ema").sigmoid().values
    let (count, classes) = (20, 5)
    var pseudo = [Float](repeating: 0, count: logits.count), mask = pseudo
    let positives = try golden.values("out_pos_label_freq")
    let negatives = try golden.values("out_neg_label_freq")
    var thresholds: [ClassAwareThresholds] = []
    for c in 0..<classes {
      let scores = (0..<count).map { Double(logits[$0 * classes + c]) }
      let own = ClassAwareThresholds(
        scores: scores, shares: (Double(positives[c]), Double(negatives[c])),
        kept: (Double(try golden.number("out_pos_per")), Double(try golden.number("out_neg_per"))),
        isLiteral: true)
      thresholds.append(own)
      for (n, score) in scores.enumerated() {
        pseudo[n * classes + c] = own.isPositive(score) ? 1 : 0
        mask[n * classes + c] = own.counts(score) ? 1 : 0
      }
    }
    try golden.expect(floats(thresholds.map(\.label)), equal: "out_threshold_label")
    try golden.expect(floats(thresholds.map(\.positive)), equal: "out_threshold_pos")
    try golden.expect(floats(thresholds.map(\.negative)), equal: "out_threshold_neg")
    try golden.expect(pseudo, equal: "out_pseudo_labels")
    try golden.expect(mask, equal: "out_mask")
    // Their loss of the unlabelled clips is the asymmetric one, summed.
    let labels = pseudo.map { EntryLabel(target: Double($0), isObserved: true) }
    let rule = AsymmetricLoss(negativeFocus: 4, positiveFocus: 0, margin: 0.05)
    let strong = Parameter(try golden.tensor("in_logits_strong"))
    let loss =
      (rule.losses(strong.tensor, labels, epoch: 0) * Tensor(mask, [count, classes])).sum()
    try golden.expect([loss.item], equal: "out_loss_ub")
    let slopes = gradients(of: loss)
    try golden.expect(try #require(slopes[strong]).values, equal: "out_grad_logits_strong")
  }

  @Test func classWithoutExpectedClipsGetsNoPositives() {
    let scores = [0.1, 0.4, 0.9]
    let own = ClassAwareThresholds(scores: scores, shares: (0.2, 0.8))
    #expect(scores.allSatisfy { !own.isPositive($0) })
    #expect(scores.map(own.counts) == [true, true, false])
    let literal = ClassAwareThresholds(scores: scores, shares: (0.2, 0.8), isLiteral: true)
    #expect(scores.allSatisfy(literal.isPositive))
  }

  @Test(arguments: try GoldenLoss.all("freematch_m"))
  func freeMatch(of golden: GoldenLoss) throws {
    let steps = try golden.values("in_logits_weak_steps")
    let momentum = try #require(
      golden.name.split(separator: "_").compactMap { Double($0.dropFirst()) }.first)
    var state = FreeMatchThresholds(
      classes: 5, momentum: momentum, quantile: golden.name.contains("quantile") ? 0.8 : nil,
      isLimited: golden.name.contains("clip"))
    for step in 0..<4 {
      let batch = rows(steps[step * 35..<step * 35 + 35], 5).map(softmax)
      state.update(batch)
      try golden.expect(batch.map { state.isSure($0) ? 1 : 0 }, equal: "out_mask", row: step)
      let best = batch.map { row in row.firstIndex(of: row.max() ?? 0) ?? 0 }
      try golden.expect(best.map { Float($0) }, equal: "out_pseudo_label", row: step)
      try golden.expect([Float(state.level)], equal: "out_time_p", row: step)
      try golden.expect(floats(state.means), equal: "out_p_model", row: step)
      try golden.expect(floats(state.shares), equal: "out_label_hist", row: step)
      try golden.expect(floats(state.thresholds), equal: "out_class_threshold", row: step)
    }
    // The fairness term, of the rows that are sure in the last step.
    let sure = rows(steps[105...], 5).map(softmax).enumerated().filter { state.isSure($0.element) }
    let strong = Parameter(try golden.tensor("in_logits_strong"))
    let powers = strong.tensor.exp()
    let probabilities = powers / powers.sum([1], keepingDimensions: true)
    let term = try #require(state.fairness(of: probabilities, in: sure.map(\.offset)))
    try golden.expect([term.item], equal: "out_entropy_loss")
    let slopes = gradients(of: term)
    try golden.expect(try #require(slopes[strong]).values, equal: "out_grad_strong_entropy")
    #expect(state.fairness(of: probabilities, in: []) == nil)
  }

  @Test func freeMatchOfEachClass() throws {
    let golden = try #require(try GoldenLoss.all("freematch_binary").first)
    let steps = try golden.tensor("in_logits_weak_steps").sigmoid().values
    var states = [FreeMatchThresholds](
      repeating: FreeMatchThresholds(classes: 2, momentum: 0.5), count: 5)
    for step in 0..<4 {
      let batch = rows(steps[step * 35..<step * 35 + 35], 5)
      for c in 0..<5 { states[c].update(batch.map { [1 - $0[c], $0[c]] }) }
      let mask = batch.flatMap { row in
        (0..<5).map { c -> Float in states[c].isSure([1 - row[c], row[c]]) ? 1 : 0 }
      }
      try golden.expect(mask, equal: "out_mask", row: step)
      try golden.expect(floats(states.map(\.level)), equal: "out_time_p", row: step)
      try golden.expect(floats(states.flatMap(\.means)), equal: "out_p_model", row: step)
    }
  }

  @Test(arguments: try GoldenLoss.all("softmatch"))
  func softMatch(of golden: GoldenLoss) throws {
    let steps = try golden.values("in_logits_weak_steps")
    let momentum = try #require(
      golden.name.split(separator: "_").compactMap { Double($0.dropFirst()) }.first)
    var state = SoftMatchWeights(
      expected: [Double](repeating: 0.2, count: 5), momentum: momentum,
      isPerClass: golden.name.contains("perclass"))
    for step in 0..<4 {
      let batch = rows(steps[step * 35..<step * 35 + 35], 5).map(softmax)
      let weights = state.update(batch)
      try golden.expect(floats(weights), equal: "out_weight", row: step)
      try golden.expect(floats(state.mean), equal: "out_mu", row: step)
      try golden.expect(floats(state.variance), equal: "out_var", row: step)
      try golden.expect(floats(try #require(state.means)), equal: "out_p_model", row: step)
      let aligned = batch.flatMap(state.aligned)
      try golden.expect(floats(aligned), equal: "out_probs_aligned", row: step)
    }
  }
}
