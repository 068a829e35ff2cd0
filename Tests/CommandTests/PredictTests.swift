/// `scant predict` on long recordings and folders: windows, thresholds, formats.
import Acoustics
import Foundation
import Testing

@Suite(.serialized) struct PredictTests {
  let scant: Program

  /// A run of 30 epochs on tones; `long.wav` is 3 s of a low tone, then 3.5 s of a high one.
  init() throws {
    scant = try Program()
    let data = try ToneFolder(scant.url("tones"))
    let trained = try scant(
      "train", "--dataset", "tones", "--method", "b1", "--epochs", "30", "--out", "out")
    #expect(trained.status == 0, "\(trained.err)")
    func sound(_ name: String) throws -> [Float] {
      try AudioFile.read(data.url.appendingPathComponent(name)).samples
    }
    let (low, high) = (try sound("tone1.wav"), try sound("tone2.wav"))
    let samples = low + low + low + high + high + high + high.prefix(8000)
    try AudioFile.write(
      Waveform(samples: samples, sampleRate: 16_000), to: scant.url("long.wav"))
  }

  private func report(_ arguments: String...) throws -> [String: Any] {
    let outcome = try scant.finish(
      scant.start(["predict", "out"] + arguments + ["--format", "json"]))
    #expect(outcome.status == 0, "\(outcome.err)")
    return try #require(try outcome.json() as? [String: Any])
  }

  @Test func bothSoundsAreFoundInTheirWindows() throws {
    let report = try report("long.wav")
    let file = try #require((report["files"] as? [[String: Any]])?.first)
    let windows = try #require(file["windows"] as? [[String: Any]])
    #expect(windows.compactMap { $0["start"] as? Double } == [0, 1, 2, 3, 4, 5, 5.5])
    #expect(windows.last?["end"] as? Double == 6.5)
    let found = windows.compactMap { $0["found"] as? [String] }
    #expect(found.prefix(3).allSatisfy { $0 == ["low"] }, "\(found)")
    #expect(found.suffix(4).allSatisfy { $0 == ["high"] }, "\(found)")
    #expect(file["found"] as? [String] == ["low", "high"])
    #expect((report["calibration"] as? [String: Any])?["clips"] as? Int == 4)
    #expect(FileManager.default.fileExists(atPath: scant.url("out/calibration.json").path))
  }

  @Test func aHopBelowTheWindowOverlaps() throws {
    let report = try report("long.wav", "--hop", "0.5")
    let file = try #require((report["files"] as? [[String: Any]])?.first)
    #expect((file["windows"] as? [[String: Any]])?.count == 12)
    let skipping = try scant("predict", "out", "long.wav", "--hop", "2")
    #expect(skipping.status == 64 && skipping.err.contains("skips sound"), "\(skipping.err)")
  }

  @Test func aLabelTrackHasStartEndAndClass() throws {
    let outcome = try scant("predict", "out", "long.wav", "--format", "audacity")
    #expect(outcome.out == "0.000000\t3.000000\tlow\n3.000000\t6.500000\thigh\n", "\(outcome.out)")
    let several = try scant(
      "predict", "out", "long.wav", "tones/tone1.wav", "--format", "audacity", "--out", "tracks")
    #expect(several.status == 0, "\(several.err)")
    let track = try String(contentsOf: scant.url("tracks/tone1.txt"), encoding: .utf8)
    #expect(track == "0.000000\t1.000000\tlow\n", "\(track)")
    let nowhere = try scant(
      "predict", "out", "long.wav", "tones/tone1.wav", "--format", "audacity")
    #expect(nowhere.status == 1 && nowhere.err.contains("--out"))
  }

  @Test func aFolderIsScoredAndOtherFilesAreCounted() throws {
    let outcome = try scant("predict", "out", "tones", "--format", "csv")
    #expect(outcome.status == 0, "\(outcome.err)")
    let rows = outcome.out.split(separator: "\n")
    #expect(rows.first == "file,start,end,low,high" && rows.count == 25)
    #expect(outcome.err.contains("other files are not scored (1), such as labels.csv"))
  }

  @Test func withoutItsDataARunUsesOneHalf() throws {
    try FileManager.default.removeItem(at: scant.url("out/calibration.json"))
    try FileManager.default.moveItem(at: scant.url("tones"), to: scant.url("moved"))
    let outcome = try scant("predict", "out", "long.wav")
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.err.contains("0.5 is used") && outcome.out.contains("0.500"))
    let given = try scant("predict", "out", "long.wav", "--threshold", "0.4")
    #expect(given.err.isEmpty && given.out.contains("0.400"), "\(given.err)")
  }

  @Test func aRunOfAnEarlierBuildIsCalibrated() throws {
    let file = scant.url("out/calibration.json")
    let atTheEndOfTraining = try Data(contentsOf: file)
    try FileManager.default.removeItem(at: file)
    let outcome = try scant("predict", "out", "long.wav")
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(try Data(contentsOf: file) == atTheEndOfTraining)
  }

  @Test func aDamagedCalibrationIsOneLine() throws {
    try Data("{".utf8).write(to: scant.url("out/calibration.json"))
    let outcome = try scant("predict", "out", "long.wav")
    #expect(outcome.status == 1 && outcome.complaints.count == 1)
    #expect(outcome.err.contains("calibration.json"), "\(outcome.err)")
  }
}
