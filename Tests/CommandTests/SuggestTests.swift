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

  @Test func aFolderWithoutARunIsRankedByDiversity() throws {
    let found = try scant("suggest", "tones", "--count", "99", "--sessions", "mine")
    #expect(found.status == 0 && found.err.contains("no finished run for tones"), "\(found.err)")
    #expect(found.err.contains("most different clips first, by band-net"), "\(found.err)")
    #expect(rows(found.out).count == 16 && rows(found.out).allSatisfy { $0[3].isEmpty })
    let gain = try scant("suggest", "tones", "--by", "gain", "--sessions", "mine")
    #expect(gain.status == 1 && gain.complaints.count == 1)
    #expect(gain.err.contains("expected --by diversity, tags or random"), "\(gain.err)")
    let tags = try scant("suggest", "tones", "--by", "tags", "--sessions", "mine")
    #expect(tags.status == 1 && tags.err.contains("scant tag --classes tones"), "\(tags.err)")
    try scant.write("list.csv", "clip,class,answer\n\(rows(found.out)[0][0]),low,1\n")
    let read = try scant("suggest", "tones", "--answers", "list.csv", "--sessions", "mine")
    #expect(read.status == 0 && read.err.contains("mine/tones/patch.csv holds 1"), "\(read.err)")
    let left = try scant("suggest", "tones", "--count", "99", "--sessions", "mine")
    #expect(rows(left.out).count == 15, "\(left.err)")
  }

  @Test func soundsWithoutLabelsAreListedToBeLabelled() throws {
    try FileManager.default.removeItem(at: scant.url("tones/labels.csv"))
    let found = try scant(
      "suggest", "tones", "--count", "4", "--out", "tones/todo.csv", "--sessions", "mine")
    #expect(found.status == 0 && found.err.contains("4 of 24 sounds"), "\(found.err)")
    let text = try String(contentsOf: scant.url("tones/todo.csv"), encoding: .utf8)
    #expect(text.hasPrefix("file,label,guess\n") && rows(text).count == 4, "\(text)")
    let names = ["low", "high", "low;high", "high"]
    let filled = zip(rows(text), names).map { "\($0[0]),\($1),Music 0.4" }
    try scant.write(
      "tones/todo.csv", (["file,label,guess"] + filled).joined(separator: "\n") + "\n")
    let checked = try scant("data", "check", "tones")
    #expect(checked.out.contains("classes     2: high, low"), "\(checked.out)")
  }

  @Test func simulatedAnswersComeFromHiddenLabels() throws {
    _ = try ToneFolder(scant.url("whole"))
    let trained = try scant(
      "train", "--dataset", "whole", "--method", "b1", "--epochs", "1", "--labels", "0.5", "--out",
      "half")
    #expect(trained.status == 0, "\(trained.err)")
    let found = try scant(
      "suggest", "half", "--simulate", "2,4", "--seeds", "2", "--out", "steps.csv")
    #expect(found.status == 0, "\(found.err)")
    #expect(found.out.contains("gain - random:") && found.out.contains("mean over 2, 4 answers"))
    let steps = rows(try String(contentsOf: scant.url("steps.csv"), encoding: .utf8))
    // Four rules, two seeds, and 0, 2 and 4 answers.
    #expect(steps.count == 24 && Set(steps.map { $0[2] }) == ["0", "2", "4"])
    #expect(steps.allSatisfy { (0...1).contains(Double($0[4]) ?? -1) })
    let start = steps.filter { $0[1] == "0" && $0[2] == "0" }.map { $0[4] }
    #expect(start.count == 4 && Set(start).count == 1)
    let unknown = try scant("suggest", "out", "--simulate", "2")
    #expect(unknown.status == 1 && unknown.err.contains("hides no label"), "\(unknown.err)")
  }

  @Test func aSessionWithoutAFinishedRunSaysSo() throws {
    try scant.writeTones(session: "study")
    let outcome = try scant("suggest", "study")
    #expect(outcome.status == 1 && outcome.err.contains("no finished run"), "\(outcome.err)")
  }
}
