// Which given labels look wrong: by hand, and where wrong labels are known.
import Metrics
import Testing

@Suite struct ConfidentLearningTests {
  @Test func labelsAgainstConfidentPredictionsAreListed() throws {
    let labelled = try LabelledScores(
      scores: [0.9, 0.8, 0.85, 0.1, 0.2, 0.05], targets: [1, 1, 0, 0, 0, 1],
      observed: [true, true, true, true, true, true], classes: 1)
    let found = ConfidentLearning(labelled, fewest: 1)
    // Present: mean of .9, .8, .05 is .583; absent: mean of .15, .9, .8 is .617.
    #expect(found.suspects.map(\.clip) == [5, 2] && found.checked == 6)
    #expect(found.suspects.map(\.isPositive) == [true, false])
    #expect(abs(found.suspects[0].margin + 0.9) < 1e-6)
    #expect(abs(found.suspects[1].margin + 0.7) < 1e-6)
  }

  @Test func missingLabelsAreNotChecked() throws {
    let labelled = try LabelledScores(
      scores: [0.9, 0.8, 0.9, 0.1], targets: [1, 1, 0, 0],
      observed: [true, true, false, true], classes: 1)
    let found = ConfidentLearning(labelled, fewest: 1)
    #expect(found.suspects.isEmpty && found.checked == 3)
  }

  /// Of a class with one positive, the threshold of all classes is taken.
  @Test func rareClassesShareAThreshold() throws {
    var (scores, targets) = ([Float](), [Float]())
    for n in 0..<20 {
      scores += [n % 2 == 0 ? 0.9 : 0.1, n == 0 ? 0.2 : 0.1]
      targets += [n % 2 == 0 ? 1 : 0, n == 0 ? 1 : 0]
    }
    let labelled = try LabelledScores(
      scores: scores, targets: targets, observed: scores.map { _ in true }, classes: 2)
    // 0.8 for "absent" does not reach the mean of class 1, 0.9.
    #expect(ConfidentLearning(labelled).suspects.isEmpty)
    scores[1] = 0.05
    let lower = try LabelledScores(
      scores: scores, targets: targets, observed: scores.map { _ in true }, classes: 2)
    let found = ConfidentLearning(lower).suspects
    #expect(found.map(\.clip) == [0] && found.map(\.classIndex) == [1])
  }

  @Test func turnedLabelsAreFound() throws {
    var draw = Draw(state: 3)
    var (scores, targets, turned) = ([Float](), [Float](), [Bool]())
    for _ in 0..<6000 {
      let isPresent = draw.uniform() < 0.3
      scores.append(Float(min(1, max(0, (isPresent ? 0.75 : 0.2) + 0.15 * draw.normal()))))
      let isTurned = draw.uniform() < 0.05
      targets.append(isPresent != isTurned ? 1 : 0)
      turned.append(isTurned)
    }
    let labelled = try LabelledScores(
      scores: scores, targets: targets, observed: scores.map { _ in true }, classes: 3)
    let suspects = ConfidentLearning(labelled).suspects
    func isTurned(_ suspect: ConfidentLearning.Suspect) -> Bool {
      turned[suspect.clip * 3 + suspect.classIndex]
    }
    let hits = suspects.count(where: isTurned)
    #expect(Double(hits) > 0.8 * Double(suspects.count), "chance: 0.05")
    #expect(Double(hits) > 0.4 * Double(turned.count { $0 }))
    #expect(suspects.prefix(100).count(where: isTurned) > 95)
    #expect(zip(suspects, suspects.dropFirst()).allSatisfy { $0.margin <= $1.margin })
  }
}
