// One's own folder with labels.csv: what is read, and every way in which it can be wrong.
import Datasets
import Foundation
import Testing

@Suite struct FolderTests {
  private let scratch: Scratch
  private var root: String { scratch.url.path }

  init() throws {
    scratch = try Scratch()
    try scratch.tone("a.wav", hertz: 300)
    try scratch.tone("deep/b.wav", hertz: 600, seconds: 0.75)
  }

  private func open(_ table: String) throws -> Folder {
    try scratch.text("labels.csv", table)
    return try Folder(DatasetSettings(root: scratch.url))
  }

  @Test func readsLabelsProbabilitiesAndGaps() throws {
    let folder = try open("filename,split,low,high\r\na.wav,train,1,\r\ndeep/b.wav,test,0.25,1\r\n")
    #expect(folder.classes == ["low", "high"])
    #expect(folder.clips.map(\.id) == ["a.wav", "deep/b.wav"])
    #expect(folder.clips.map(\.split) == [.train, .test])
    #expect(folder.clips.map(\.labels) == [[1, nil], [0.25, 1]])
    #expect(folder.clips.map(\.seconds) == [0.5, 0.75])
    #expect(folder.seconds == 0.75)
    #expect(!folder.isSingleLabel)
    #expect(folder.clips.allSatisfy { $0.truth == nil })
    let expected = [
      "no clip in split validation",
      "class high has no positive in training; add a clip that has it, or remove its column from "
        + "labels.csv",
    ]
    #expect(folder.problems == expected)
    #expect(try DatasetCatalog.recognize(scratch.url) == "folder")
  }

  @Test func requestedLengthIsUsed() throws {
    try scratch.text("labels.csv", "filename,split,x\na.wav,train,1\n")
    let settings = DatasetSettings(root: scratch.url, seconds: 2)
    #expect(try DatasetCatalog.open("folder", settings).seconds == 2)
  }

  @Test func digestDependsOnTheLabels() throws {
    let first = try open("filename,split,x\na.wav,train,1\n").digest
    #expect(try open("filename,split,x\na.wav,train,1\n").digest == first)
    #expect(try open("filename,split,x\na.wav,train,0\n").digest != first)
  }

  @Test func unreadableSoundsAreSkipped() throws {
    try scratch.text("bad.wav", "no sound at all")
    try scratch.text("empty.wav", "")
    let table =
      "filename,split,x\nbad.wav,train,1\na.wav,train,1\nempty.wav,test,0\nnone.wav,train,1\n"
    let folder = try open(table)
    #expect(folder.clips.map(\.id) == ["a.wav", "deep/b.wav"])
    #expect(folder.clips.map(\.isUnlabelled) == [false, true])
    let skipped = folder.problems.filter { $0.hasPrefix("skipped ") }
    #expect(skipped.count == 3)
    #expect(skipped[0].contains("bad.wav: ") && skipped[1].contains("empty.wav: "))
    #expect(skipped[2].contains("labels.csv:5: no file \"none.wav\"; expected a sound file under"))
    #expect(folder.lost == [.train: 2, .test: 1])
  }

  @Test(arguments: [
    ("../a.wav,train,1", ":2: \"../a.wav\" leads out of the folder; expected a sound file under"),
    ("deep/../../x/a.wav,train,1", ":2: \"deep/../../x/a.wav\" leads out of the folder; expected"),
    ("/tmp/a.wav,train,1", ":2: \"/tmp/a.wav\" is an absolute path; expected one that begins in"),
    (".,train,1", ":2: \".\" leads out of the folder; expected"),
    ("b.wav,train,1\na.wav,train,maybe", ":3: \"maybe\" for x; expected 1, 0, a probability, or"),
    ("a.wav,train,1.5", ":2: \"1.5\" for x; expected"),
    ("a.wav,train,-1", ":2: \"-1\" for x; expected"),
    ("a.wav,train,nan", ":2: \"nan\" for x; expected"),
    ("a.wav,train,1\na.wav,test,0", ":3: a.wav again, first on line 2; expected one row per file"),
    ("a.wav,train,1\n./a.wav,test,0", ":3: ./a.wav again, first on line 2 as a.wav; expected one"),
    ("a.wav,train,1\n.//a.wav,test,0", ":3: .//a.wav again, first on line 2 as a.wav; expected"),
    ("deep/../a.wav,train,1\na.wav,test,0", ":3: a.wav again, first on line 2 as deep/../a.wav"),
    ("a.wav,train,1\rb.wav,train,1", ":2: a line ends in CR alone, as old Macs"),
    ("a.wav,dev,1", ":2: split \"dev\"; expected train, validation or test"),
    ("a.wav,train", ":2: 2 fields; expected 3"),
    ("", ":1: a header only; expected one row a sound file"),
    ("a.wav,test,1", ": no readable clip with a label in split train; expected some"),
  ])
  func errorsNameFileAndLine(rows: String, expected: String) {
    let text = message { try open("filename,split,x\n\(rows)\n").demandTraining() }
    #expect(text.contains("labels.csv\(expected)"), "\(text)")
    #expect(!text.contains("\n"))
  }

  @Test(arguments: ["file,split,x", "filename,split", "filename,split,x,x", "filename,split,x,"])
  func refusesOtherHeaders(header: String) {
    let text = message { _ = try open("\(header)\n") }
    #expect(text.contains("labels.csv:1: "), "\(text)")
  }

  @Test func missingFilesAreReported() throws {
    let settings = DatasetSettings(root: scratch.url)
    #expect(
      message { _ = try Folder(settings) }
        .hasPrefix(
          "\(root): 2 sound files and no label, so nothing to train on; expected labels.csv"))
    let none = scratch.url.appendingPathComponent("none")
    #expect(
      message { _ = try Folder(DatasetSettings(root: none)) }
        .hasPrefix("\(none.path): no such folder; expected labels.csv with"))
    let empty = try Scratch()
    #expect(
      message { _ = try Folder(DatasetSettings(root: empty.url)) }
        .hasPrefix("\(empty.url.path): is empty; expected labels.csv"))
    #expect(try DatasetCatalog.recognize(empty.url) == nil)
    #expect(
      message { _ = try DatasetCatalog.open("bands") }
        .hasPrefix("bands: no such data set; expected one of band, openmic2018, "))
  }

  @Test func folderWithoutReadableSoundsIsAnError() throws {
    try scratch.text("bad.wav", "no sound at all")
    let text = message { try open("filename,split,x\nbad.wav,train,1\n").demandTraining() }
    #expect(
      text.hasPrefix("\(root): no readable sound file with a label; first: skipped "), "\(text)")
  }
}
