// A verdict says what labels bought that came after the comparison before it.
import Foundation
import Lab
import Metrics
import Testing

@Suite struct LabelPurchaseTests {
  /// The same clips, tested before with another quality.
  private func verdict(
    before: Double, now: Double, labels: Int = 24, groups: Int = 120, known: Int? = 500
  ) throws -> Verdict {
    var simulated = SimulatedComparison()
    (simulated.groups, simulated.methods) = (groups, [("transfer", now), ("b1", 0.6)])
    let comparison = try simulated.comparison()
    simulated.methods = [("transfer", before), ("b1", 0.6)]
    let earlier = try simulated.comparison()
    let rows = try earlier.rows.map { row in
      let scores = row.labelled.scores.map { "\($0)" }.joined(separator: ",")
      let json = "{\"name\":\"\(row.name)\",\"title\":\"\(row.title)\",\"scores\":[\(scores)]}"
      return try JSONDecoder().decode(EarlierComparison.Row.self, from: Data(json.utf8))
    }
    return try Verdict(
      comparison.with(
        labels: known,
        EarlierComparison(
          labels: 500 - labels, classes: earlier.classes, clips: earlier.rows[0].clips,
          rows: rows)), draws: 200)
  }

  @Test func aGainIsSaidWithItsInterval() throws {
    let verdict = try verdict(before: 0.65, now: 0.9)
    let bought = try #require(verdict.bought)
    #expect(bought.labels == 24 && bought.method == "transfer (mn04)" && bought.clips == 120)
    #expect(bought.difference > 0.1 && (bought.interval?.low ?? 0) > 0, "\(bought)")
    let sentence = try #require(verdict.sentences.last)
    #expect(sentence.hasPrefix("Since the last comparison 24 labels were added: F1 of transfer"))
    #expect(sentence.contains("gain +0."), "\(sentence)")
    let json = try #require(
      try JSONSerialization.jsonObject(with: verdict.json()) as? [String: Any])
    let entry = try #require(json["bought"] as? [String: Any])
    #expect(entry["labels"] as? Int == 24 && (entry["interval"] as? [Double])?.count == 2)
    #expect(entry["words"] as? String == sentence)
  }

  @Test func noDifferenceIsSaidToo() throws {
    let sentence = try #require(try verdict(before: 0.8, now: 0.8, labels: 1).sentences.last)
    #expect(sentence.contains("1 label was added"), "\(sentence)")
    #expect(sentence.contains("a difference does not show"), "\(sentence)")
  }

  @Test func withoutMoreLabelsNothingWasBought() throws {
    #expect(try verdict(before: 0.6, now: 0.9, labels: 0).bought == nil)
    #expect(try verdict(before: 0.6, now: 0.9, known: nil).bought == nil)
  }

  @Test func aCurveOnFewerFoldsSaysSo() throws {
    var simulated = SimulatedComparison()
    simulated.curve = [(100, 0.6), (200, 0.7)]
    let whole = try simulated.comparison()
    #expect(try Verdict(whole, draws: 100).curve?.basis == nil)
    let part = Comparison(
      classes: whole.classes, rows: whole.rows, curve: whole.curve, curveFolds: 2,
      facts: whole.facts)
    let basis = try #require(try Verdict(part, draws: 100).curve?.basis)
    #expect(basis.words == "on 2 of 5 folds" && basis.clips == 40)
  }
}

extension Comparison {
  fileprivate func with(labels: Int?, _ earlier: EarlierComparison) -> Comparison {
    let facts = ComparisonFacts(
      name: facts.name, files: facts.files, clips: facts.clips, groups: facts.groups,
      observed: facts.observed, seconds: facts.seconds, foldsTested: facts.foldsTested,
      folds: facts.folds, labels: labels, answers: 24)
    return Comparison(classes: classes, rows: rows, curve: curve, earlier: earlier, facts: facts)
  }
}
