// Folders that nothing can be compared on: one clear sentence each.
import Foundation
import Testing

@Suite(.serialized) struct CompareFolderTests {
  let scant: Program

  init() throws {
    scant = try Program()
    _ = try ToneFolder(scant.url("tones"))
  }

  private func copy(_ name: String, _ tones: Range<Int>, labels: [String]? = nil) throws {
    for i in tones { try link("tone\(i).wav", "\(name)/tone\(i).wav") }
    if let labels { try scant.write("\(name)/labels.csv", labels.joined(separator: "\n")) }
  }

  private func link(_ tone: String, _ path: String) throws {
    let url = scant.url(path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: scant.url("tones/\(tone)"), to: url)
  }

  private func refusal(_ folder: String, _ expected: String) throws {
    let outcome = try scant("compare", folder, "--sessions", "mine", "--budget", "20s")
    #expect(outcome.status == 1 && outcome.complaints.count == 1, "\(outcome.err)")
    #expect(outcome.complaints.first?.contains(expected) == true, "\(outcome.err)")
    #expect(!FileManager.default.fileExists(atPath: scant.url("mine").path))
  }

  private let labels = (0..<24).map { "tone\($0).wav,\($0 % 2),\($0 / 2 % 2)" }

  @Test func nothingThere() throws {
    try refusal("./absent", "no such folder")
    try refusal("tones/labels.csv", "is a file")
  }

  @Test func noSound() throws {
    try scant.write("words/readme.md", "words")
    try refusal("words", "no sound file")
  }

  @Test func noLabel() throws {
    try copy("bare", 0..<8)
    try refusal("bare", "no label, so nothing to train on")
    try refusal("bare", "; scant suggest bare lists clips to label first")
  }

  @Test func onlyBlankCells() throws {
    try copy(
      "blank", 0..<8, labels: ["filename,low"] + (0..<8).map { "tone\($0).wav," })
    try refusal("blank", "no label")
  }

  @Test func oneClass() throws {
    for i in 0..<8 { try link("tone\(i).wav", "one/low/tone\(i).wav") }
    try refusal("one", "8 sound files and no label")
  }

  @Test func oneClipAClass() throws {
    for i in 0..<4 { try link("tone\(i).wav", "each/class\(i)/tone\(i).wav") }
    try refusal("each", "expected 6 clips or more")
  }

  @Test func threeClips() throws {
    try copy("three", 0..<3, labels: ["filename,low,high"] + labels.prefix(3))
    try refusal("three", "3 labelled clips")
  }

  @Test func labelsForNothing() throws {
    try scant.write("nothing/labels.csv", "filename,low\na.wav,1\nb.wav,0\n")
    try refusal("nothing", "no readable sound file")
  }

  @Test func noPositive() throws {
    try copy(
      "absent", 0..<12, labels: ["filename,low,high"] + (0..<12).map { "tone\($0).wav,0,0" })
    try refusal("absent", "expected")
  }

  @Test func aBrokenTable() throws {
    try copy(
      "broken", 0..<8, labels: ["filename,low,high"] + labels.prefix(7) + ["tone7.wav,loud,1"])
    try refusal("broken", "labels.csv:9")
  }

  @Test func emptyFiles() throws {
    for i in 0..<8 { try scant.write("empty/tone\(i).wav", "") }
    try scant.write(
      "empty/labels.csv", (["filename,low,high"] + labels.prefix(8)).joined(separator: "\n"))
    try refusal("empty", "no readable sound file")
  }

  /// Half of the files cannot be read: the other half is compared on.
  @Test func halfOfItBroken() throws {
    try copy("half", 0..<24, labels: ["filename,low,high"] + labels)
    for i in 0..<12 { try scant.write("half/tone\(2 * i).wav", "") }
    let outcome = try scant(
      "compare", "half", "--sessions", "mine", "--budget", "2m", "--methods", "classic")
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(
      outcome.out.contains("half   12 files") && outcome.out.contains("and 7 more"),
      "\(outcome.out)")
    #expect(outcome.err.contains("and 7 more"), "\(outcome.err)")
  }
}
