// A person's own folder: long recordings, drawn folds, and folders on which nothing can be trained.
import Acoustics
import Datasets
import Foundation
import Testing

@Suite struct OwnFolderTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func settings(seconds: Double? = nil) -> DatasetSettings {
    DatasetSettings(
      root: scratch.url, seconds: seconds, cache: scratch.url.appendingPathComponent(".cache"))
  }

  private func tones(_ names: [String], seconds: Double = 0.1) throws {
    for (i, name) in names.enumerated() {
      try scratch.tone(name, hertz: 200 + 10 * Double(i), seconds: seconds)
    }
  }

  private func report() throws -> DataReport { try DataCheck.report("folder", settings()) }

  // MARK: cuts

  @Test func longRecordingsAreCutIntoClipsOfOneGroup() throws {
    try scratch.tone("long.wav", hertz: 300, seconds: 3.5)
    try scratch.tone("odd.wav", hertz: 400, seconds: 1.4)
    try scratch.tone("rest.wav", hertz: 400, seconds: 2.4)
    try scratch.text(
      "labels.csv", "filename,split,x,y\nlong.wav,train,1,\nodd.wav,test,0,1\nrest.wav,train,0,1\n")
    let folder = try Folder(settings(seconds: 1))
    let ids = [
      "long.wav@0-1", "long.wav@1-2", "long.wav@2-3", "long.wav@3-3.5", "odd.wav", "rest.wav@0-1",
      "rest.wav@1-2",
    ]
    #expect(folder.clips.map(\.id) == ids)
    #expect(folder.clips.prefix(4).allSatisfy { $0.group == "long.wav" && $0.labels == [1, nil] })
    #expect(folder.clips[4].group == nil && folder.seconds == 1)
    let whole = try AudioFile.read(scratch.url.appendingPathComponent("long.wav")).samples
    let pieces = try folder.clips.prefix(4).flatMap { clip in
      try AudioFile.read(try #require(clip.audio)).samples
    }
    #expect(pieces.count == whole.count)
    #expect(zip(pieces, whole).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(try Folder(settings(seconds: 1)).clips == folder.clips)
  }

  @Test func aCheckCutsNothing() throws {
    try scratch.tone("long.wav", hertz: 300, seconds: 31)
    try scratch.text("labels.csv", "filename,split,x\nlong.wav,train,1\n")
    let report = try report()
    #expect(report.clips == [3, 0, 0])
    #expect(
      report.summary.first?.hasPrefix("clips       3 from 1 sound file, 1 of them cut") == true)
    let cuts = scratch.url.appendingPathComponent(".cache/cuts")
    #expect(!FileManager.default.fileExists(atPath: cuts.path))
  }

  // MARK: folds

  @Test func everyGroupIsTestedOnceOverTheFolds() throws {
    try tones((0..<20).map { "\($0 % 2 == 0 ? "a" : "b")/\($0).wav" })
    var tested: [String] = []
    for fold in 1...5 {
      var chosen = settings()
      chosen.testFold = fold
      let folder = try Folder(chosen)
      tested += folder.clips(in: .test).map(\.id)
      #expect(folder.clips(in: .test).count == 4 && folder.clips(in: .validation).count == 4)
    }
    #expect(tested.count == 20 && Set(tested).count == 20)
    var wrong = settings()
    wrong.testFold = 6
    #expect(message { _ = try Folder(wrong) }.contains("dataset.testFold: 6; expected 1 to 5"))
  }

  @Test func aRareClassIsTrainedOnFirst() throws {
    try tones((0..<20).map { "common/\($0).wav" } + ["rare/1.wav", "rare/2.wav", "single/1.wav"])
    let folder = try Folder(settings())
    let rare = folder.clips.filter { $0.id.hasPrefix("rare") }.map(\.split)
    #expect(Set(rare) == [.train, .test])
    #expect(folder.clips.first { $0.id.hasPrefix("single") }?.split == .train)
  }

  @Test func aFoldOfATableWithASplitIsRefused() throws {
    try tones(["a.wav", "b.wav"])
    try scratch.text("labels.csv", "filename,split,x\na.wav,train,1\nb.wav,test,0\n")
    var chosen = settings()
    chosen.testFold = 1
    #expect(message { _ = try Folder(chosen) }.contains("labels.csv: has its own split; expected"))
  }

  // MARK: bad folders

  private func refusal() -> String { message { try Folder(settings()).demandTraining() } }

  @Test func soundsWithoutAnyLabel() throws {
    try tones(["a.wav", "deep/b.wav"])
    #expect(refusal().contains(": 2 sound files and no label, so nothing to train on; expected"))
    #expect(try DatasetCatalog.recognize(scratch.url) == "folder")
    let report = try report()
    #expect(report.isWrong && report.issues.count == 1)
    try scratch.text("labels.csv", "filename,x,y\na.wav,,\ndeep/b.wav,,\n")
    #expect(refusal().contains("labels.csv: 2 rows and no label; expected labels to train on"))
  }

  @Test func noSoundAtAll() throws {
    try scratch.text("notes.txt", "nothing here")
    #expect(refusal().contains(": no sound file; expected sounds with labels.csv"))
    #expect(try DatasetCatalog.recognize(scratch.url) == nil)
  }

  @Test func oneClass() throws {
    try tones((0..<8).map { "\($0).wav" })
    let rows = (0..<8).map { "\($0).wav,dog" }
    try scratch.text("labels.csv", "file,label\n" + rows.joined(separator: "\n"))
    let expected = "labels.csv: one class, dog, in every labelled clip; expected clips without it"
    #expect(refusal().contains(expected), "\(refusal())")
    try scratch.text("labels.csv", "filename,split,dog\n0.wav,train,1\n1.wav,test,1\n")
    #expect(try Folder(settings()).problems.contains { $0.hasPrefix("one class, dog, in every") })
  }

  @Test func oneClipAClass() throws {
    try tones((0..<8).map { "class\($0)/a.wav" })
    let expected = ": 8 labelled clips of 8 recordings, at most 1 recording of a class; expected 6"
    #expect(refusal().contains(expected), "\(refusal())")
  }

  @Test func threeClips() throws {
    try tones(["a/1.wav", "a/2.wav", "b/1.wav"])
    #expect(
      refusal().contains(": 3 labelled clips of 3 recordings, at most 2 recordings of a class"))
  }

  @Test func labelsForNothing() throws {
    try scratch.text("labels.csv", "filename,x,y\na.wav,1,0\nb.wav,0,1\n")
    let text = refusal()
    #expect(text.contains("no readable sound file; first: skipped "), "\(text)")
    #expect(text.contains("labels.csv:2: no file \"a.wav\"; expected a sound file under"))
    #expect(try report().issues.count { $0.message.hasPrefix("no file") } == 2)
  }

  @Test func anUnreadableHalfIsNamedAndTheOtherHalfIsUsed() throws {
    try tones((0..<20).map { "\($0 % 2 == 0 ? "a" : "b")/\($0).wav" })
    for i in 0..<10 { try scratch.text("\(i % 2 == 0 ? "a" : "b")/\(i).wav", "<html>") }
    let folder = try Folder(settings())
    #expect(folder.clips.count == 10 && folder.lost.values.reduce(0, +) == 10)
    let report = try report()
    #expect(report.issues.count { $0.severity == .error } == 10)
    #expect(report.summary[0].contains("10 from 10 sound files; 10 files cannot be used"))
  }

  @Test func thousandsOfFilesAreRead() throws {
    let bytes = AudioFile.wav(Waveform(samples: [0, 0.1], sampleRate: 8000))
    for part in 0..<10 {
      let folder = scratch.url.appendingPathComponent(part < 5 ? "low/\(part)" : "high/\(part)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let first = folder.appendingPathComponent("0.wav").path
      try bytes.write(to: URL(fileURLWithPath: first))
      // Links, which are made faster than files.
      for i in 1..<1000 { #expect(link(first, "\(folder.path)/\(i).wav") == 0) }
    }
    let folder = try Folder(settings())
    #expect(folder.clips.count == 10_000 && folder.classes == ["high", "low"])
  }
}
