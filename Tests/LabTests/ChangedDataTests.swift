// Clips that are missing, unreadable or exchanged: a run says so, or does not go on.
import Acoustics
import Foundation
import Lab
import Testing

@Suite struct ChangedDataTests {
  private func write(_ index: Int, _ frequency: Double, _ folder: URL) throws {
    let samples = (0..<4000).map { Float(0.5 * sin(2 * .pi * frequency * Double($0) / 16_000)) }
    try AudioFile.write(
      Waveform(samples: samples, sampleRate: 16_000),
      to: folder.appendingPathComponent("\(index).wav"))
  }

  /// Twelve tones of two classes: six to train on, two for validation, four to test on.
  private func makeSounds(_ folder: URL) throws {
    var rows = ["filename,split,low,high"]
    for index in 0..<12 {
      try write(index, index % 2 == 1 ? 2000 : 200 + Double(index), folder)
      let split = index < 6 ? "train" : index < 8 ? "validation" : "test"
      rows.append("\(index).wav,\(split),\(1 - index % 2),\(index % 2)")
    }
    try Data((rows.joined(separator: "\n") + "\n").utf8).write(
      to: folder.appendingPathComponent("labels.csv"))
  }

  private func recipe(_ folder: URL) throws -> Recipe {
    try Recipe().choosing(dataset: folder.path).setting("training.epochs", to: "1")
      .setting("training.batch", to: "4").setting("model.width", to: "2")
  }

  private func train(_ folder: URL) throws -> (run: RunFolder, ended: RunEnded) {
    let run = RunFolder(folder.appendingPathComponent("run"))
    let trainer = try executor(folder).trainer(for: recipe(folder), in: run) { _ in }
    trainer.start()
    return (run, trainer.wait())
  }

  private func executor(_ folder: URL) -> RunExecutor {
    RunExecutor(cache: folder.appendingPathComponent("cache"))
  }

  private func started(_ run: RunFolder) throws -> RunStarted? {
    for event in try EventLog.read(run.events, only: [RunStarted.self]).events {
      if let started = event.body as? RunStarted { return started }
    }
    return nil
  }

  private func words(_ work: () throws -> Void) -> String {
    do {
      try work()
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func changedSoundsAreDetectedOnResumeAndEvaluate() throws {
    try Samples.withFolder { folder in
      try makeSounds(folder)
      let (run, ended) = try train(folder)
      #expect(ended.reason == .done && ended.lostClips == nil)
      #expect(try started(run)?.lostClips == nil)
      var told: [String] = []
      _ = try executor(folder).evaluate(run, split: "test", notice: { told.append($0) })
      #expect(told == [])
      _ = try executor(folder).trainer(for: recipe(folder), in: run) { _ in }

      try write(2, 777, folder)
      let refusal = words {
        _ = try executor(folder).trainer(for: recipe(folder), in: run) { _ in }
      }
      #expect(
        refusal.contains(
          "the data set has changed since (sounds of the train split have changed); expected the "
            + "same, or a fresh run"), "\(refusal)")
      _ = try executor(folder).evaluate(run, split: "test", notice: { told.append($0) })
      #expect(told == ["sounds of the train split have changed since this run was trained"])
    }
  }

  @Test func changedLabelsAreDetectedOnEvaluate() throws {
    try Samples.withFolder { folder in
      try makeSounds(folder)
      let run = try train(folder).run
      let table = folder.appendingPathComponent("labels.csv")
      let text = try String(contentsOf: table, encoding: .utf8)
      try Data(text.replacing("10.wav,test,1,0", with: "10.wav,test,0,1").utf8).write(to: table)
      var told: [String] = []
      _ = try executor(folder).evaluate(run, split: "test", notice: { told.append($0) })
      #expect(told.count == 1 && told[0].contains("clips or labels"), "\(told)")
    }
  }

  @Test func runReportsTheNumberOfMissingClips() throws {
    try Samples.withFolder { folder in
      try makeSounds(folder)
      try Data("<html>".utf8).write(to: folder.appendingPathComponent("1.wav"))
      try FileManager.default.removeItem(at: folder.appendingPathComponent("9.wav"))
      let (run, ended) = try train(folder)
      #expect(ended.reason == .done && ended.lostClips == 2)
      #expect(try started(run)?.lostClips == 2)
    }
  }

  @Test func trainingNeedsAReadableTestClip() throws {
    try Samples.withFolder { folder in
      try makeSounds(folder)
      for index in 8..<12 {
        try Data("<html>".utf8).write(to: folder.appendingPathComponent("\(index).wav"))
      }
      let text = words { _ = try train(folder) }
      #expect(text.contains("none of the 4 clips of the test split can be read"), "\(text)")
      #expect(RunFolder(folder.appendingPathComponent("run")).state != .done)
    }
  }
}
