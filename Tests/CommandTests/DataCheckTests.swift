/// `scant data check`: the report as text and JSON, and its exit status.
import Foundation
import Testing

@Suite struct DataCheckTests {
  let scant: Program
  let data: ToneFolder

  init() throws {
    scant = try Program()
    data = try ToneFolder(scant.url("tones"))
  }

  @Test func validFolderHasNoFaults() throws {
    let outcome = try scant("data", "check", "tones", "--audio")
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("24 of 24 files found, 24 decoded"))
    #expect(outcome.out.hasSuffix("no fault\n"))
    #expect(
      try scant("data", "check", "folder", "--root", "tones").out.contains("train          16"))
  }

  @Test func faultsAreNamedAndCounted() throws {
    var lines = try data.lines()
    lines[3] = "tone2.wav,train,0,7"
    lines[5] = "absent.wav,train,0,1"
    try data.write(lines)
    try Data("no sound".utf8).write(to: data.url.appendingPathComponent("tone9.wav"))
    let outcome = try scant("data", "check", "tones")
    #expect(outcome.status == 1 && outcome.out.hasSuffix("3 faults\n"), "\(outcome.out)")
    #expect(outcome.out.contains("labels.csv:4: \"7\" for high; expected"))
    #expect(outcome.out.contains("labels.csv:6: no file \"absent.wav\"; expected"))
    #expect(outcome.out.contains("tone9.wav: "))
    #expect(outcome.out.contains("23 of 24 files found"), "\(outcome.out)")
  }

  @Test func reportIsAvailableAsJSON() throws {
    try scant.write(
      "set/groundtruth_weak_label_training_set.csv",
      "aaaaaaaaaaa_0.000_10.000.wav\t0.000\t10.000\tCar\n")
    try scant.write(
      "set/groundtruth_weak_label_testing_set.csv",
      "bbbbbbbbbbb_0.000_10.000.wav\t0.000\t10.000\tCart\n")
    let outcome = try scant("data", "check", "set", "--json")
    #expect(outcome.status == 1)
    let report = try #require(try outcome.json() as? [String: Any])
    #expect(report["dataset"] as? String == "dcase2017-task4")
    #expect(report["clips"] as? [Int] == [1, 0, 0] && report["isWrong"] as? Bool == true)
    let issues = try #require(report["issues"] as? [[String: Any]])
    let wrong = issues.filter { $0["severity"] as? String == "wrong" }
    #expect(wrong.count == 1)
    #expect((wrong.first?["place"] as? String)?.hasSuffix("testing_set.csv:1") == true)
    let counts = try #require(report["counts"] as? [[String: Any]])
    #expect(counts.first?["published"] as? [Int] == [56_131, 51_172])
    #expect(counts.first?["found"] as? [Int] == [1, 1])
  }

  @Test func unknownDataSetIsAOneLineError() throws {
    let outcome = try scant("data", "check", "nowhere")
    #expect(outcome.status == 1 && outcome.out.isEmpty)
    #expect(outcome.errorLines.count == 1 && outcome.complaints.count == 1)
    #expect(outcome.err.contains("nowhere") && outcome.err.contains("expected"))
  }

  @Test func trainingWithoutSoundsIsAOneLineError() throws {
    try scant.write(
      "set/groundtruth_weak_label_training_set.csv",
      "aaaaaaaaaaa_0.000_10.000.wav\t0.000\t10.000\tCar\n")
    try scant.write(
      "set/groundtruth_weak_label_testing_set.csv",
      "bbbbbbbbbbb_0.000_10.000.wav\t0.000\t10.000\tCar\n")
    let outcome = try scant("train", "--dataset", "set", "--epochs", "1", "--out", "out")
    #expect(outcome.status == 1)
    #expect(outcome.complaints.count == 1, "\(outcome.err)")
    #expect(outcome.err.contains("audio: 0 of 2 files found"), "\(outcome.err)")
  }
}
