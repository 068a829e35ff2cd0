// Names in a table and names in the file system: spellings, links and Unicode forms.
import Datasets
import Foundation
import Testing

@Suite struct FileNameTests {
  private let scratch: Scratch
  private static let composed = "caf\u{E9}.wav"
  private static let decomposed = "cafe\u{301}.wav"

  init() throws { scratch = try Scratch() }

  private func open(_ rows: [String]) throws -> Folder {
    try scratch.text("labels.csv", (["filename,split,x"] + rows).joined(separator: "\n") + "\n")
    return try Folder(DatasetSettings(root: scratch.url, cache: scratch.url))
  }

  private func check(_ rows: [String]) throws -> DataReport {
    try scratch.text("labels.csv", (["filename,split,x"] + rows).joined(separator: "\n") + "\n")
    return try DataCheck.report("folder", DatasetSettings(root: scratch.url, cache: scratch.url))
  }

  @Test func canonicallyEqualNamesAreDifferentFiles() throws {
    try scratch.tone(Self.composed, hertz: 300)
    try scratch.tone(Self.decomposed, hertz: 900)
    let rows = ["\(Self.composed),train,1", "\(Self.decomposed),test,0"]
    let folder = try open(rows)
    #expect(folder.clips.count == 2)
    #expect(folder.clips[0].id != folder.clips[1].id)
    #expect(folder.clips[0].id == Self.composed && folder.clips[1].id == "cafe\\u{301}.wav")
    let sounds = try folder.clips.map { try Data(contentsOf: try #require($0.audio)) }
    #expect(sounds[0] != sounds[1])
    let report = try check(rows)
    #expect(!report.isWrong && report.clips == [1, 0, 1])
    #expect(report.issues.contains { $0.message.contains("differs from a name above in Unicode") })
  }

  @Test func nameInAnotherUnicodeFormIsReported() throws {
    try scratch.tone("a.wav", hertz: 300)
    try scratch.tone(Self.decomposed, hertz: 900)
    let folder = try open(["a.wav,train,1", "\(Self.composed),test,0"])
    #expect(folder.clips.map(\.id) == ["a.wav", "cafe\\u{301}.wav"])
    #expect(folder.clips[1].isUnlabelled)
    #expect(
      folder.problems.first?.contains(
        "labels.csv:3: no file \"\(Self.composed)\" (a file there differs in Unicode form only)")
        == true)
  }

  @Test func classNamesMayNotDifferOnlyInUnicodeForm() throws {
    try scratch.text("labels.csv", "filename,split,\u{E9},e\u{301}\n")
    let text = message { _ = try Folder(DatasetSettings(root: scratch.url)) }
    #expect(text.contains("twice (the names differ in Unicode form only); expected"), "\(text)")
  }

  @Test func linksAreNotDifferentFiles() throws {
    try scratch.tone("a.wav", hertz: 300)
    try scratch.link("b.wav", to: scratch.url, "a.wav")
    let text = message { _ = try open(["a.wav,train,1", "b.wav,test,0"]) }
    #expect(
      text.contains(
        "labels.csv:3: b.wav again, first on line 2 as a.wav; expected one row per file"))
    try scratch.tone("deep/c.wav", hertz: 300)
    try scratch.link("way", to: scratch.url, "deep")
    let other = message { _ = try open(["deep/c.wav,train,1", "way/c.wav,test,0"]) }
    #expect(other.contains(":3: way/c.wav again, first on line 2 as deep/c.wav"), "\(other)")
  }

  @Test func copiesAreDifferentFiles() throws {
    let first = try scratch.tone("a.wav", hertz: 300)
    try FileManager.default.linkItem(
      at: first, to: scratch.url.appendingPathComponent("b.wav"))
    #expect(try open(["a.wav,train,1", "b.wav,test,0"]).clips.count == 2)
  }

  @Test func pathThatReturnsIntoTheFolderIsRead() throws {
    try scratch.tone("a.wav", hertz: 300)
    let name = scratch.url.lastPathComponent
    let folder = try open(["../\(name)/a.wav,train,1"])
    #expect(folder.clips.first?.audio?.path == scratch.url.appendingPathComponent("a.wav").path)
  }
}
