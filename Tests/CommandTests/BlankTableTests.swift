/// A folder whose table has classes and no label yet: clips are ranked, nothing is trained, and
/// answers become its labels.
import Foundation
import Testing

@Suite(.serialized) struct BlankTableTests {
  let scant: Program

  init() throws {
    scant = try Program()
    _ = try ToneFolder(scant.url("tones"))
    let rows = (0..<22).map { "tone\($0).wav,," }
    try scant.write(
      "tones/labels.csv", (["filename,low,high"] + rows).joined(separator: "\n") + "\n")
  }

  private func run(_ arguments: String...) throws -> Outcome {
    try scant.finish(scant.start(arguments + ["--sessions", "mine"]))
  }

  private func rows(_ text: String) -> [[String]] {
    text.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test func whatNeedsLabelsSaysSoInOneLine() throws {
    let place = "tones/labels.csv: 22 rows and no label; expected labels to train on"
    for arguments in [["new", "tones"], ["train", "--dataset", "tones", "--epochs", "1"]] {
      let outcome = try scant.finish(scant.start(arguments))
      #expect(outcome.status == 1 && outcome.complaints.count == 1, "\(outcome.err)")
      #expect(outcome.err.contains(place), "\(outcome.err)")
      #expect(outcome.err.contains("scant suggest tones lists clips"), "\(outcome.err)")
    }
    for arguments in [["run", "tones"], ["compare", "tones"]] {
      let outcome = try scant.finish(scant.start(arguments + ["--sessions", "mine"]))
      #expect(outcome.status == 1 && outcome.complaints.count == 1, "\(outcome.err)")
      #expect(outcome.err.contains(place), "\(outcome.err)")
    }
    #expect(!FileManager.default.fileExists(atPath: scant.url("mine").path))
    let check = try scant("data", "check", "tones")
    #expect(check.status == 1 && check.out.contains("classes     2: low, high"), "\(check.out)")
    #expect((check.out + check.err).contains("no label; expected labels to train on"))
  }

  /// Answers to a ranked list become a table that can be compared on.
  @Test func answersBecomeTheTable() throws {
    let listed = try run("suggest", "tones", "--count", "99")
    #expect(listed.status == 0 && listed.err.contains("most different clips"), "\(listed.err)")
    let cells = rows(listed.out)
    #expect(cells.count == 48 && cells.allSatisfy { $0[7].isEmpty }, "\(listed.out)")
    let answers = cells.map { cell -> String in
      let index = Int(cell[0].filter(\.isNumber)) ?? 0
      return "\(cell[0]),\(cell[1]),\(cell[1] == "low" ? index % 2 : index / 2 % 2)"
    }
    try scant.write("list.csv", (["clip,class,answer"] + answers).joined(separator: "\n") + "\n")
    let read = try run("suggest", "tones", "--answers", "list.csv")
    #expect(read.status == 0 && read.err.contains("--out labels.csv writes its table"))
    let written = try run("suggest", "tones", "--answers", "list.csv", "--out", "labels.csv")
    #expect(written.status == 0 && written.err.contains("with 48 answers; put it into"))
    let table = try String(contentsOf: scant.url("labels.csv"), encoding: .utf8)
    #expect(table.hasPrefix("filename,low,high\ntone0.wav,0,0\ntone1.wav,1,0\n"), "\(table)")
    #expect(table.split(separator: "\n").count == 25)
    try scant.write("tones/labels.csv", table)
    let compared = try run("compare", "tones", "--budget", "2m", "--methods", "classic")
    #expect(compared.status == 0 && compared.out.contains("VERDICT"), "\(compared.err)")
  }

  @Test func aListWithoutNamesIsRankedLikeAFolderWithoutATable() throws {
    try scant.write(
      "tones/labels.csv",
      (["file,label"] + (0..<22).map { "tone\($0).wav," }).joined(separator: "\n") + "\n")
    let found = try run("suggest", "tones", "--count", "3")
    #expect(found.status == 0 && found.out.hasPrefix("file,label,guess\n"), "\(found.err)")
    #expect(rows(found.out).count == 3)
    let compared = try run("compare", "tones")
    #expect(compared.status == 1 && compared.err.contains("22 rows and no label"))
  }

  /// Too few labels to train on are no reason not to ask for more.
  @Test func threeLabelledClipsAreRankedToo() throws {
    let rows = (0..<22).map { "tone\($0).wav,\($0 < 3 ? "\($0 % 2),1" : ",")" }
    try scant.write(
      "tones/labels.csv", (["filename,low,high"] + rows).joined(separator: "\n") + "\n")
    let found = try run("suggest", "tones", "--count", "99")
    #expect(found.status == 0 && self.rows(found.out).count == 42, "\(found.err)")
    let compared = try run("compare", "tones")
    #expect(compared.status == 1 && compared.err.contains("3 labelled clips"), "\(compared.err)")
  }

  @Test func theWorkbenchOpensOnIt() throws {
    try #require(Tmux.isInstalled)
    let tmux = try Tmux(scant, width: 80, height: 24, arguments: "tones")
    let seen = "0% of the training labels"
    #expect(try tmux.frame(with: seen).contains(seen))
    try tmux.press("4")
    #expect(try tmux.frame(with: "tone1.wav").contains("tone1.wav"))
    try tmux.press("a")
    let asked = try tmux.frame(with: "y yes")
    #expect(asked.contains("low") || asked.contains("high"), "\(asked)")
  }
}
