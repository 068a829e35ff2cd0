// A table of labels that are all blank, and answers written into it.
import Datasets
import Foundation
import Testing

@Suite struct BlankTableTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    for index in 0..<3 { try scratch.tone("\(index).wav", hertz: 300) }
  }

  private func folder() throws -> Folder {
    try Folder(
      DatasetSettings(root: scratch.url, cache: scratch.url.appendingPathComponent(".cache")))
  }

  @Test func isOpenedToBeLabelled() throws {
    try scratch.text("labels.csv", "filename,low,high\n0.wav,,\n1.wav,,\n")
    let folder = try folder()
    #expect(folder.clips.map(\.id) == ["0.wav", "1.wav", "2.wav"] && folder.problems.isEmpty)
    #expect(folder.clips.allSatisfy { $0.split == .train && $0.isUnlabelled })
    #expect(!folder.isSingleLabel)
    #expect(
      message { try folder.demandTraining() }
        == "\(scratch.url.path)/labels.csv: 2 rows and no label; expected labels to train on")
    // A faulty row is said first, and a list without names has no class to ask about.
    try scratch.text("labels.csv", "filename,low,high\n0.wav,,\n1.wav,maybe,\n")
    #expect(message { _ = try self.folder() }.contains("labels.csv:3: \"maybe\" for low"))
    try scratch.text("labels.csv", "file,label\n0.wav,\n1.wav, \n")
    #expect(message { _ = try self.folder() }.contains("labels.csv: 2 rows and no label"))
    #expect(try UnlabelledFolder.isOne(scratch.url))
    try scratch.text("labels.csv", "file,label\n0.wav,1\n1.wav,\n")
    #expect(try !UnlabelledFolder.isOne(scratch.url))
  }

  private func filled(_ answers: [(String, String, Bool)]) throws -> AnsweredTable {
    try AnsweredTable(
      of: scratch.url,
      with: answers.map { AnsweredTable.Answer(clip: $0.0, className: $0.1, isPresent: $0.2) })
  }

  @Test func answersFillBlankCells() throws {
    try scratch.text("labels.csv", "filename;split;low;high\n0.wav;test;1;\n\"a;b.wav\";train;;\n")
    let table = try filled([
      ("0.wav", "low", false), ("0.wav", "high", true), ("2.wav", "low", false),
      ("a;b.wav", "other", true), ("a;b.wav@0-10", "low", true), ("a;b.wav@10-20", "high", false),
    ])
    let expected =
      "filename,split,low,high\n0.wav,test,1,1\na;b.wav,train,1,\n2.wav,train,0,\n"
    #expect(table.text == expected && table.filled == 3, "\(table.text)")
  }

  /// A list of files and labels, and a folder a class, have no place for a no: they become a table
  /// with a column a class.
  @Test func otherLayoutsBecomeATable() throws {
    try scratch.text("labels.csv", "file,label\n0.wav,low\n1.wav,high\n")
    let answers = [("2.wav", "low", true), ("2.wav", "high", false), ("0.wav", "high", true)]
    let list = try filled(answers)
    // 0.wav has a row, so that high is absent there: no blank cell to fill.
    #expect(list.text == "filename,high,low\n0.wav,0,1\n1.wav,1,0\n2.wav,0,1\n", "\(list.text)")
    #expect(list.filled == 2)

    let folders = try Scratch()
    for name in ["low/a.wav", "high/b.wav", "c.wav"] { try folders.tone(name, hertz: 300) }
    let table = try AnsweredTable(
      of: folders.url, with: [.init(clip: "c.wav", className: "high", isPresent: true)])
    #expect(table.text.contains("c.wav,1,\n") && table.filled == 1, "\(table.text)")
  }

  @Test func labelTracksHaveNoTable() throws {
    try scratch.text("0.txt", "0.1\t0.2\tlow\n")
    #expect(message { _ = try filled([]) }.contains("label tracks, which name parts of a file"))
  }
}
