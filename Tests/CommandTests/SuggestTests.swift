/// `scant suggest`: a ranked list of missing labels, and its answers read back.
import Foundation
import Testing

@Suite(.serialized) struct SuggestTests {
  let scant: Program

  /// Half of the training labels of the tones are blank.
  init() throws {
    scant = try Program()
    let data = try ToneFolder(scant.url("tones"))
    let lines = try data.lines().enumerated().map { index, line in
      guard index > 0, line.contains(",train,"), index % 2 == 0 else { return line }
      return line.split(separator: ",").prefix(2).joined(separator: ",") + ",,"
    }
    try data.write(lines)
    let trained = try scant(
      "train", "--dataset", "tones", "--method", "mean-teacher", "--epochs", "2", "--out", "out")
    #expect(trained.status == 0, "\(trained.err)")
  }

  private func rows(_ text: String) -> [[String]] {
    text.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test(arguments: ["gain", "uncertainty", "diversity", "random"])
  func everyRuleAsksForMissingLabelsOnce(rule: String) throws {
    let outcome = try scant("suggest", "out", "--by", rule, "--count", "99")
    #expect(outcome.status == 0, "\(outcome.err)")
    let cells = rows(outcome.out).map { $0.prefix(2).joined(separator: ",") }
    #expect(cells.count == 16 && Set(cells).count == 16, "\(outcome.out)")
    let blank = try String(contentsOf: scant.url("tones/labels.csv"), encoding: .utf8)
      .split(separator: "\n").filter { $0.hasSuffix(",,") }
      .map { String($0.prefix { $0 != "," }) }
    #expect(Set(cells.map { String($0.prefix { $0 != "," }) }) == Set(blank))
  }

  @Test func gainAndUncertaintyDescend() throws {
    for rule in ["gain", "uncertainty"] {
      let scores = rows(try scant("suggest", "out", "--by", rule).out).compactMap { Double($0[2]) }
      #expect(scores.count == 16 && scores == scores.sorted(by: >))
    }
  }

  @Test func answersReadBackAreNotAskedAgain() throws {
    let listed = try scant("suggest", "out", "--count", "3", "--out", "list.csv")
    #expect(listed.status == 0 && listed.err.contains("--answers list.csv"), "\(listed.err)")
    var lines = try String(contentsOf: scant.url("list.csv"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
    let asked = lines.dropFirst().map { $0.split(separator: ",").prefix(2).joined(separator: ",") }
    (lines[1], lines[2], lines[3]) = (lines[1] + "1", lines[2] + "no", lines[3] + "-")
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: scant.url("list.csv"))
    let read = try scant("suggest", "out", "--answers", "list.csv")
    #expect(read.status == 0 && read.err.contains("2 answers, 1 left open"), "\(read.err)")
    let cells = rows(try scant("suggest", "out", "--count", "99").out)
      .map { $0.prefix(2).joined(separator: ",") }
    #expect(cells.count == 13 && Set(cells).isDisjoint(with: asked))
    let trained = try scant(
      "train", "--dataset", "tones", "--method", "b1", "--epochs", "1", "--out", "more", "--set",
      "dataset.patch=patch.csv")
    #expect(trained.status == 0, "\(trained.err)")
  }

  @Test func anAnswerThatIsNeitherYesNorNoIsOneLine() throws {
    try Data("clip,class,answer\ntone1.wav,low,perhaps\n".utf8).write(to: scant.url("list.csv"))
    let outcome = try scant("suggest", "out", "--answers", "list.csv")
    #expect(outcome.status == 1 && outcome.complaints.count == 1)
    #expect(outcome.err.contains("list.csv:2: answer 'perhaps'; expected 1, 0, - or nothing"))
  }

  @Test func aSessionWithoutAFinishedRunSaysSo() throws {
    try scant.writeTones(session: "study")
    let outcome = try scant("suggest", "study")
    #expect(outcome.status == 1 && outcome.err.contains("no finished run"), "\(outcome.err)")
  }
}
