/// The organizers' own examples of DCASE 2017 task 4: predictions and what their scorer said.
import Foundation
import Metrics
import TestSupport
import Testing

@Suite struct TagPairTests {
  @Test func countsPairs() {
    let truth: Set = [pair("a", "Car"), pair("a", "Bus"), pair("b", "Car")]
    let said: Set = [pair("a", "Car"), pair("b", "Bus"), pair("b", "Train"), pair("b", "Car")]
    let scores = TagPairScores(truth: truth, predicted: said)
    #expect(scores.micro.precision == 0.5 && scores.micro.recall == 2.0 / 3)
    #expect(abs(scores.micro.f1 - 4.0 / 7) < 1e-15 && scores.files == 2)
    #expect(scores.perLabel["Car"]?.f1 == 1 && scores.perLabel["Bus"]?.f1 == 0)
    #expect(scores.perLabel["Train"]?.precision == 0 && scores.perLabel["Train"]?.recall == 0)
    #expect(TagPairScores(truth: [], predicted: []).micro.f1 == 0)
  }

  @Test func tableAndPairsGiveTheSameScores() throws {
    var draw = Draw(state: 4)
    let scores = (0..<60).map { _ in Float(draw.below(20)) / 20 }
    let targets = scores.map { _ in Float(draw.below(2)) }
    let table = try LabelledScores(
      scores: scores, targets: targets, observed: scores.map { _ in true }, classes: 3)
    func pairs(_ values: [Float]) -> Set<TagPair> {
      Set(values.indices.filter { values[$0] >= 0.5 }.map { pair("\($0 / 3)", "\($0 % 3)") })
    }
    let found = TagPairScores(truth: pairs(targets), predicted: pairs(scores)).micro
    let expected = try score(table)
    #expect(expected.values[.dcaseF1] == found.f1)
    #expect(expected.microPrecision == found.precision && expected.microRecall == found.recall)
  }

  @Test(
    .enabled(if: SharedData.isPresent, "needs ../shared/data"),
    arguments: [
      ("perfect_prediction.csv", "output_perfect_prediction.csv"),
      ("imperfect_prediction.csv", "imperfect_prediction_output.csv"),
      ("precision_affected_prediction.csv", "precision_affected_output.txt"),
      ("recall_affected_prediction.csv", "recall_affected_output.txt"),
    ])
  func agreesWithTheOrganizersScorer(prediction: String, output: String) throws {
    let folder = "labels/dcase2017-task4/"
    let truth = try pairs(folder + "groundtruth_weak_label_testing_set.csv")
    let said = try pairs(folder + "evaluation/prediction/" + prediction)
    let scores = TagPairScores(truth: truth, predicted: said)
    let lines = try String(
      contentsOf: SharedData.data(folder + "evaluation/output/" + output), encoding: .utf8)
    let expected = lines.split(whereSeparator: \.isNewline).compactMap { line -> Double? in
      line.contains("=") ? Double(line.split(separator: "=")[1].filter { $0 != " " }) : nil
    }
    let found = [scores.micro.precision, scores.micro.recall, scores.micro.f1].map { $0 * 100 }
    #expect(expected.count == 4 && expected[3] == Double(scores.files))
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-9, "\(a), expected \(b)") }
  }

  private func pair(_ file: String, _ label: String) -> TagPair {
    TagPair(file: file, label: label)
  }

  private func pairs(_ path: String) throws -> Set<TagPair> {
    let text = try String(contentsOf: SharedData.data(path), encoding: .utf8)
    return Set(
      text.split(whereSeparator: \.isNewline).map { line in
        let cells = line.split(separator: "\t").map { $0.filter { $0 != "\r" } }
        return pair(String(cells[0]), String(cells[cells.count - 1]))
      })
  }
}
