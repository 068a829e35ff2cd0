/// Bad input from outside: one line on stderr each, and the work goes on where it can.
import Foundation
import Testing

@Suite(.serialized) struct BadInputTests {
  let scant: Program
  let data: ToneFolder

  init() throws {
    scant = try Program()
    data = try ToneFolder(scant.url("tones"))
  }

  private func train(_ more: String...) throws -> Outcome {
    try scant.finish(
      scant.start(["train", "--dataset", "tones", "--epochs", "1", "--out", "out"] + more))
  }

  @Test func missingFolderIsAOneLineError() throws {
    let outcome = try scant("train", "--dataset", "./nothing-here")
    #expect(outcome.status == 1)
    #expect(outcome.errorLines.count == 1 && outcome.err.contains("nothing-here"))
    #expect(outcome.err.contains("expected"))
  }

  @Test func emptyFolderIsAOneLineError() throws {
    try FileManager.default.createDirectory(
      at: scant.url("empty"), withIntermediateDirectories: true)
    let outcome = try scant("train", "--dataset", "empty")
    #expect(outcome.status == 1)
    #expect(outcome.errorLines.count == 1 && outcome.err.contains("labels.csv"), "\(outcome.err)")
  }

  @Test func unreadableSoundIsSkippedAndReported() throws {
    try Data("no sound at all".utf8).write(to: data.url.appendingPathComponent("tone3.wav"))
    let outcome = try train()
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.complaints.count == 1 && outcome.err.contains("tone3.wav"))
  }

  @Test func labelOfAMissingFileIsReportedWithItsLine() throws {
    try data.write(try data.lines() + ["ghost.wav,train,1,0"])
    let outcome = try train()
    #expect(outcome.status == 0 && outcome.complaints.count == 1, "\(outcome.err)")
    #expect(outcome.err.contains("without 1 clip whose file is missing or no sound"))
    #expect(outcome.err.contains("labels.csv:26: ") && outcome.err.contains("ghost.wav"))
  }

  @Test func inaccessibleFilesStopWithAOneLineError() throws {
    for limit in [6, 7, 8, 9, 10, 12, 14] {
      let outcome = try scant.shell(
        "ulimit -n \(limit); \"$SCANT\" train --dataset tones --epochs 1 --out out\(limit)")
      let isDone = outcome.status == 0 && outcome.complaints.isEmpty
      #expect(isDone || outcome.status == 1 && outcome.complaints.count == 1, "\(outcome.err)")
      #expect(!outcome.err.contains("skipped") && !outcome.err.contains("is empty"))
    }
  }

  @Test func aClassWithoutPositivesIsTrainedWithAWarning() throws {
    let lines = try data.lines().enumerated().map { index, line in
      index == 0 ? line : String(line.dropLast()) + "0"
    }
    try data.write(lines)
    let outcome = try train()
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.complaints.count == 1, "\(outcome.err)")
    #expect(outcome.complaints.first?.contains("class high has no positive in training") == true)
    try data.write(
      try data.lines().enumerated().map { $0 == 0 ? $1 : String($1.dropLast(3)) + "0,0" })
    let none = try train("--fresh")
    #expect(none.status == 1 && none.complaints.count == 1, "\(none.err)")
    #expect(none.err.contains("no positive in the train split for any class"))
  }

  @Test(arguments: [
    ("title: T\ndataset: { id: band }\ntraining: { epohcs: 3 }\n", 3),
    ("title: T\nmethods: [b0, b9]\n", 2),
    ("title: T\ntraining:\n  batch: many\n", 3),
    ("title: T\ntraining:\n  epochs: 0\n", 3),
    ("title: [\n", 2),
  ])
  func typosInRecipesAreReportedWithFileAndLine(_ yaml: String, _ line: Int) throws {
    try scant.write("typo/session.yaml", yaml)
    let outcome = try scant("run", "typo")
    #expect(outcome.status == 1 && outcome.out.isEmpty)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.err.contains("typo/session.yaml:\(line): "), "\(outcome.err)")
  }

  @Test func unpredictableFilesAreReportedOnePerLine() throws {
    #expect(try train().status == 0)
    try Data("no sound".utf8).write(to: scant.url("noise.wav"))
    let outcome = try scant(
      "predict", "out", "tones/tone1.wav", "noise.wav", "absent.wav", "tones/tone2.wav", "--json")
    #expect(outcome.status == 1 && outcome.complaints.count == 2)
    let report = try #require(try outcome.json() as? [String: Any])
    #expect(report["classes"] as? [String] == ["low", "high"])
    let files = try #require(report["files"] as? [[String: Any]])
    #expect(files.compactMap { $0["file"] as? String } == ["tones/tone1.wav", "tones/tone2.wav"])
    let student = try #require(files.first?["student"] as? [String: Double])
    #expect(Set(student.keys) == ["low", "high"])
    #expect(student.values.allSatisfy { (0...1).contains($0) })
  }

  @Test func foreignRunFolderIsAnError() throws {
    #expect(try train().status == 0)
    try Data("nonsense".utf8).write(to: scant.url("out/best.safetensors"))
    let outcome = try scant("predict", "out", "tones/tone1.wav")
    #expect(outcome.status == 1 && outcome.complaints.count == 1)
    #expect(outcome.err.contains("best.safetensors"), "\(outcome.err)")
  }
}
