// The layouts of a person's own folder: what is understood of each.
import Datasets
import Foundation
import Testing

@Suite struct OwnLayoutTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func settings() -> DatasetSettings {
    DatasetSettings(root: scratch.url, cache: scratch.url.appendingPathComponent(".cache"))
  }

  private func open() throws -> Folder { try Folder(settings()) }

  private func tones(_ names: [String], seconds: Double = 0.1) throws {
    for (i, name) in names.enumerated() {
      try scratch.tone(name, hertz: 200 + 10 * Double(i), seconds: seconds)
    }
  }

  private func clip(_ folder: Folder, _ id: String) throws -> Clip {
    try #require(folder.clips.first { $0.id == id })
  }

  @Test func aTableWithoutSplitIsSplitByClassAndGroup() throws {
    var rows = ["filename,group,x,y"]
    for i in 0..<30 { rows.append("\(i).wav,g\(i / 3),\(i / 3 % 2),\(1 - i / 3 % 2)") }
    try tones((0..<30).map { "\($0).wav" })
    try scratch.text("labels.csv", rows.joined(separator: "\n"))
    let folder = try open()
    #expect(folder.isSingleLabel && folder.classes == ["x", "y"])
    for (_, clips) in Dictionary(grouping: folder.clips, by: \.group) {
      #expect(Set(clips.map(\.split)).count == 1)
    }
    for split in Split.allCases {
      let clips = folder.clips(in: split)
      #expect(Set(clips.map { $0.labels[0] }) == [0, 1], "\(split)")
    }
    #expect(try open().clips == folder.clips)
    var other = settings()
    other.seed = 2
    #expect(try Folder(other).clips.map(\.split) != folder.clips.map(\.split))
  }

  @Test func aGroupInTwoSplitsIsAFault() throws {
    try tones(["a.wav", "b.wav"])
    try scratch.text("labels.csv", "filename,split,group,x\na.wav,train,g,1\nb.wav,test,g,0\n")
    let text = message { _ = try open() }
    #expect(text.contains("labels.csv:3: group g in test, in train on line 2; expected one split"))
  }

  @Test(arguments: [
    ("labels.csv", "file,label\n", ",", ";"), ("table.tsv", "", "\t", ";"),
    ("own.csv", "Datei;Klasse\n", ";", ","),
  ])
  func aTableOfFilesAndLabels(name: String, header: String, column: String, list: String) throws {
    try tones((0..<12).map { "\($0).wav" })
    let rows = (0..<10).map { i in
      "\(i).wav\(column)" + (i % 2 == 0 ? "dog" : i % 4 == 1 ? "dog\(list) cat" : "cat")
    }
    let last = "10.wav\(column)"
    try scratch.text(name, header + (rows + [last]).joined(separator: "\n") + "\n")
    let folder = try open()
    #expect(folder.classes == ["cat", "dog"] && !folder.isSingleLabel)
    #expect(try clip(folder, "0.wav").labels == [0, 1])
    #expect(try clip(folder, "1.wav").labels == [1, 1])
    #expect(try clip(folder, "10.wav").isUnlabelled && clip(folder, "11.wav").isUnlabelled)
    #expect(try DatasetCatalog.recognize(scratch.url) == "folder")
  }

  @Test func aFileMayHaveSeveralRowsInAList() throws {
    try tones((0..<9).map { "\($0).wav" })
    let rows = (0..<9).map { "\($0).wav,\($0 % 2 == 0 ? "a" : "b")" } + ["0.wav,b"]
    try scratch.text("labels.csv", "file,label\n" + rows.joined(separator: "\n") + "\n")
    #expect(try clip(open(), "0.wav").labels == [1, 1])
  }

  @Test func numbersOfAListAreNamesOfClasses() throws {
    try tones((0..<12).map { "\($0).wav" })
    let rows = (0..<12).map { "\($0).wav,\($0 % 4)" }
    try scratch.text("labels.csv", "file,digit\n" + rows.joined(separator: "\n") + "\n")
    #expect(try open().classes == ["0", "1", "2", "3"])
  }

  @Test func aFolderAClass() throws {
    try tones((0..<5).map { "dog/\($0).wav" } + (0..<5).map { "cat/far/\($0).wav" })
    try tones(["cat/a.wav", "cat/b.wav", "loose.wav", "unlabelled/u.wav"])
    let folder = try open()
    #expect(folder.classes == ["cat", "dog"] && folder.isSingleLabel)
    #expect(folder.clips.count == 14)
    #expect(Set(folder.clips.filter { $0.id.contains("far") }.map(\.group)) == ["cat/far"])
    #expect(folder.clips.filter(\.isUnlabelled).map(\.id) == ["loose.wav", "unlabelled/u.wav"])
    #expect(folder.clips.allSatisfy { !$0.isUnlabelled || $0.split == .train })
  }

  @Test func foldersOfSplitsAreSplits() throws {
    try tones(["train/a/1.wav", "train/b/1.wav", "val/a/1.wav", "test/a/1.wav", "test/b/1.wav"])
    let folder = try open()
    #expect(folder.classes == ["a", "b"])
    #expect(try clip(folder, "val/a/1.wav").split == .validation)
    #expect(folder.clips(in: .test).count == 2 && folder.clips(in: .train).count == 2)
  }

  @Test func tracksLabelThePartsOfARecording() throws {
    try tones((0..<6).map { "r\($0).wav" }, seconds: 2.6)
    for i in 0..<5 {
      let track = "0,1\t0,4\train\n\\\t100\t200\n1.2\t1.2\tdog;cat\n2.1\t2.4\tcat?\n"
      try scratch.text("r\(i).txt", track)
    }
    try scratch.text("notes.txt", "not a track")
    var cut = settings()
    cut.seconds = 1
    let folder = try Folder(cut)
    #expect(folder.classes == ["cat", "dog", "rain"])
    #expect(try clip(folder, "r0.wav@0-1").labels == [0, 0, 1])
    #expect(try clip(folder, "r0.wav@1-2").labels == [1, 1, 0])
    #expect(try clip(folder, "r0.wav@2-2.6").labels == [nil, 0, 0])
    #expect(try clip(folder, "r5.wav@0-1").isUnlabelled)
    #expect(folder.clips.count == 18 && folder.clips[0].group == "r0.wav")
  }

  @Test(arguments: [
    ("0.1\t0.4\n", ":1: no text; expected start, end and label"),
    ("0.1\t0.4\ta\n3\t2\tb\n", ":2: ends at 2.0 s and starts at 3.0 s; expected"),
    ("0.1\t0.4\ta\nrain\n", ":2: \"rain\" is no label; expected"),
  ])
  func faultsOfATrackNameTheLine(track: String, expected: String) throws {
    try tones(["a.wav", "b.wav"])
    try scratch.text("a.txt", track)
    try scratch.text("b.txt", "0\t1\tx\n")
    let text = message { _ = try open() }
    #expect(text.contains("a.txt\(expected)"), "\(text)")
  }

  @Test func unlabelledClipsCanBeLeftOut() throws {
    try tones(["a.wav", "b.wav", "c.wav"])
    try scratch.text("labels.csv", "filename,split,x\na.wav,train,1\nb.wav,test,0\n")
    #expect(try open().clips.count == 3)
    var without = settings()
    without.usesUnlabelled = false
    #expect(try Folder(without).clips.map(\.id) == ["a.wav", "b.wav"])
  }
}
