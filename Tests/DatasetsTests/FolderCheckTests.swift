// What a check says of one's own folder: the same clips as training has, and what to look at.
import Acoustics
import Datasets
import Foundation
import Testing

@Suite struct FolderCheckTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    for i in 0..<6 { try scratch.tone("\(i).wav", hertz: 200 + 100 * Double(i)) }
  }

  private func report(_ rows: [String], classes: String = "x,y") throws -> DataReport {
    try scratch.text(
      "labels.csv", (["filename,split,\(classes)"] + rows).joined(separator: "\n") + "\n")
    return try DataCheck.report(
      "folder", DatasetSettings(root: scratch.url, cache: scratch.url.appendingPathComponent("c")),
      audio: true)
  }

  private let rows = [
    "0.wav,train,1,0", "1.wav,train,0,", "2.wav,train,,1", "3.wav,validation,1,0", "4.wav,test,0,1",
    "5.wav,test,1,0",
  ]

  @Test func countsAreCorrectDespiteFaults() throws {
    try scratch.text("1.wav", "<html>")
    try scratch.text("2.wav", "")
    let report = try report(rows + ["none.wav,test,1,1", "5.wav,train,1,1"])
    #expect(report.clips == [1, 1, 2] && report.isWrong)
    #expect(report.sound.named == 7 && report.sound.found == 6 && report.sound.opened == 4)
    let wrong = report.issues.filter { $0.severity == .error }.map(\.description)
    #expect(wrong.count == 4, "\(wrong)")
    #expect(wrong[0].contains("labels.csv:9: 5.wav again, first on line 7"))
    #expect(wrong[3].contains("labels.csv:8: no file \"none.wav\"; expected"))
  }

  @Test func observedSharesAreThoseOfEachSplit() throws {
    let report = try report(rows)
    #expect(report.layout == "a folder with its own labels.csv")
    #expect(report.classes[0].observedIn == [2.0 / 3, 1, 1])
    #expect(report.classes[1].observedIn == [2.0 / 3, 1, 1])
    #expect(report.classes.map(\.positives) == [[1, 1, 1], [1, 0, 1]])
    let odd = report.issues.map(\.message)
    #expect(
      odd == [
        "no positive in validation for y; scores that need one leave this class out there"
      ])
    #expect(!report.isWrong)
  }

  @Test func classWithoutPositivesIsReportedWithARemedy() throws {
    let report = try report(rows.map { $0 + ",0" }, classes: "x,y,z")
    #expect(!report.isWrong)
    #expect(
      report.issues.contains {
        $0.message == "class z has no positive in training; add a clip that has it, or remove its "
          + "column from labels.csv"
      })
  }

  @Test func soundsWithoutARowAreUnlabelledClips() throws {
    try scratch.tone("more/new.wav", hertz: 100)
    try scratch.text("new.mp3", "")
    try scratch.text("notes.txt", "")
    let report = try report(rows)
    #expect(report.clips == [4, 1, 2] && !report.isWrong)
    #expect(report.issues.contains { $0.severity == .warning && $0.place.hasSuffix("/new.mp3") })
    let line = try #require(report.summary.last)
    #expect(line.hasPrefix("unlabelled  1 clip, in training"), "\(line)")
  }

  @Test func silenceAndDuplicatesAcrossSplitsAreReported() throws {
    let one = try Data(contentsOf: scratch.url.appendingPathComponent("0.wav"))
    try one.write(to: scratch.url.appendingPathComponent("4.wav"))
    try AudioFile.write(
      Waveform(samples: [Float](repeating: 0, count: 8000), sampleRate: 16_000),
      to: scratch.url.appendingPathComponent("1.wav"))
    try stereo([1000, -1000, 12_000, -12_000], at: "2.wav")
    let report = try report(rows)
    let odd = report.issues.map(\.description)
    #expect(odd.contains { $0.contains("labels.csv:3: 1.wav is silent") }, "\(odd)")
    #expect(odd.contains { $0.contains("labels.csv:4: 2.wav is silent when mixed to mono") })
    let copy = "labels.csv:6: 4.wav in test has the same bytes as 0.wav in train"
    #expect(odd.contains { $0.contains(copy) }, "\(odd)")
    #expect(!report.isWrong)
  }

  /// 16-bit WAV at 8 kHz of two channels, the samples interleaved and repeated.
  private func stereo(_ samples: [Int16], at name: String) throws {
    let all = (0..<1000).flatMap { _ in samples }
    var bytes = Data("RIFF".utf8)
    func add<Value: FixedWidthInteger>(_ value: Value) {
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
    add(UInt32(36 + 2 * all.count))
    bytes += Data("WAVEfmt ".utf8)
    add(UInt32(16))
    for value in [1, 2] as [UInt16] { add(value) }
    for value in [8000, 32_000] as [UInt32] { add(value) }
    for value in [4, 16] as [UInt16] { add(value) }
    bytes += Data("data".utf8)
    add(UInt32(2 * all.count))
    for sample in all { add(sample) }
    try bytes.write(to: scratch.url.appendingPathComponent(name))
  }
}
