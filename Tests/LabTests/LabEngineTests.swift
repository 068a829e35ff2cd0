// The whole way on sound files: open, train, pause, predict, score a file, evaluate.
import Acoustics
import Foundation
import Lab
import Metrics
import Synchronization
import Testing

@Suite struct LabEngineTests {
  /// Sines in two classes as a folder data set; some labels are missing.
  func makeSounds(_ folder: URL) throws {
    var rows = ["filename,split,low,high"]
    for index in 0..<24 {
      let split = index < 12 ? "train" : index < 16 ? "validation" : "test"
      let isHigh = index % 2 == 1
      let frequency = (isHigh ? 2000.0 : 200.0) + 10 * Double(index)
      let samples = (0..<8000).map { Float(0.5 * sin(2 * .pi * frequency * Double($0) / 16000)) }
      let name = "\(index).wav"
      try AudioFile.write(
        Waveform(samples: samples, sampleRate: 16000), to: folder.appendingPathComponent(name))
      let high = index == 3 ? "" : isHigh ? "1" : "0"
      rows.append("\(name),\(split),\(isHigh ? 0 : 1),\(high)")
    }
    try Data((rows.joined(separator: "\n") + "\n").utf8).write(
      to: folder.appendingPathComponent("labels.csv"))
  }

  func recipe(_ folder: URL) throws -> Recipe {
    var recipe = try Recipe().choosing(dataset: folder.path)
    for (key, value) in [
      ("training.epochs", "4"), ("training.batch", "4"), ("model.width", "2"),
      ("training.learningRate", "0.01"),
    ] { recipe = try recipe.setting(key, to: value) }
    return recipe
  }

  /// Messages so far, until `isEnough` or 30 s have gone.
  func collect(
    _ engine: LabEngine, _ messages: inout [Message], until isEnough: ([Message]) -> Bool
  ) {
    let deadline = Date(timeIntervalSinceNow: 180)
    while !isEnough(messages), Date() < deadline {
      messages += engine.mailbox.drain()
      Thread.sleep(forTimeInterval: 0.005)
    }
  }

  func events(_ messages: [Message]) -> [Event] {
    messages.flatMap { if case .events(let events) = $0 { events } else { [Event]() } }
  }

  func troubles(_ messages: [Message]) -> [String] {
    messages.compactMap { if case .problem(let problem) = $0 { problem.text } else { nil } }
  }

  @Test func fromSoundToScores() throws {
    try Samples.withFolder { folder in
      try makeSounds(folder)
      let recipe = try recipe(folder)
      #expect(recipe.dataset == "folder")
      let runs = folder.appendingPathComponent("runs")
      let engine = LabEngine(runs: runs, cache: folder.appendingPathComponent("cache"))
      var messages: [Message] = []
      engine.send(.openDataset(recipe))
      engine.send(.inspect(clip: "0.wav"))
      collect(engine, &messages) { $0.contains { if case .sound = $0 { true } else { false } } }
      checkData(messages)

      engine.send(.run(.pause))
      engine.send(.start(recipe))
      collect(engine, &messages) { events($0).contains { $0.body is RunEnded } }
      #expect(engine.waitUntilIdle(seconds: 10))
      let run = RunFolder(runs.appendingPathComponent("b1-s0"))
      #expect(run.state == .done)
      #expect(troubles(messages) == ["no run is going on; expected one to be started"])

      engine.send(.run(.predict(clips: ["20.wav"])))
      collect(engine, &messages) { events($0).contains { $0.body is ClipPrediction } }
      try checkModel(run, folder, live: events(messages))
    }
  }

  private func checkData(_ messages: [Message]) {
    for message in messages {
      switch message {
      case .dataset(let snapshot):
        #expect(snapshot.classes == ["low", "high"])
        #expect(snapshot.clips.count == 24)
        #expect(snapshot.clips.first { $0.id == "3.wav" }?.labels == [.negative, .missing])
      case .sound(let sound):
        #expect(sound.bands == 64 && sound.values.count == sound.bands * sound.frames)
        #expect(sound.frequencies.count == 64)
      case .problem(let problem): Issue.record("\(problem.text)")
      default: break
      }
    }
  }

  /// Calibration and thresholds do not change the scores before them, and are chosen elsewhere.
  private func checkDecisions(
    of run: RunFolder, _ executor: RunExecutor, _ test: EvalEnd?
  ) throws {
    for split in ["test", "validation"] {
      let found = try executor.evaluation(
        of: run, split: split, draws: 0, deciding: DecisionChoice(.temperature, .f1))
      let decided = try #require(found.decided)
      #expect(decided.before == found.networks["student"]?.metrics)
      if let after = decided.after { #expect(Set(after.keys) == Set(decided.before.keys)) }
      #expect(decided.after != nil || decided.notes[0].hasPrefix("nothing could be chosen"))
      #expect(split == "test" || decided.thresholds == nil)
    }
    #expect(try executor.evaluation(of: run, split: "test", draws: 0, deciding: nil).decided == nil)
    let logged = try #require(try run.tests().first { $0.model == "student" })
    #expect(logged.metrics == test?.metrics)
    let ids = logged.afterTraining?.scores.keys.sorted()
    #expect(ids.map { $0 == AfterTraining.ids.sorted() } ?? true)
  }

  private func checkModel(_ run: RunFolder, _ folder: URL, live: [Event]) throws {
    let predictor = try Predictor(run)
    #expect(predictor.classes == ["low", "high"])
    let prediction = try predictor.predict(folder.appendingPathComponent("20.wav")).pooled(.max)
    #expect(prediction.student[0] > prediction.student[1])
    let spoken = live.compactMap { event -> ClipPrediction? in
      if let prediction = event.body as? ClipPrediction { prediction } else { nil }
    }
    #expect(spoken.first?.labels == "Pn")
    for (a, b) in zip(spoken.first?.probs ?? [], prediction.student) { #expect(abs(a - b) < 1e-5) }
    #expect(throws: (any Error).self) {
      try predictor.predict(folder.appendingPathComponent("labels.csv"))
    }
    let executor = RunExecutor(cache: folder.appendingPathComponent("cache"))
    let scores = try executor.evaluate(run, split: "test")
    #expect(try scores["student"]?.metrics == run.ending().ended?.scores["test"]?["student"])
    #expect(scores["student"]?.intervals == nil)
    let drawn = try executor.evaluate(run, split: "test", draws: 40)
    #expect(drawn["student"]?.metrics == scores["student"]?.metrics)
    let intervals = try #require(drawn["student"]?.intervals)
    #expect(Set(intervals.keys) == drawn["student"].map { Set($0.metrics.keys) })
    for (id, interval) in intervals {
      #expect(interval.low <= interval.high && (1...40).contains(interval.draws), "\(id)")
    }
    #expect(
      try executor.evaluate(run, split: "test", draws: 40)["student"]?.intervals == intervals)
    #expect(throws: CancellationError.self) {
      try executor.evaluate(run, split: "test", draws: 40) { !$0.what.contains("anew") }
    }
    #expect(throws: LabError.self) { try executor.evaluate(run, split: "tset") }
    try checkDecisions(of: run, executor, scores["student"])
    let recipe = try Recipe(yaml: String(contentsOf: run.recipe, encoding: .utf8), file: "r")
    #expect(recipe == predictor.recipe)
    let other = try recipe.setting("training.epochs", to: "9")
    let error = #expect(throws: LabError.self) {
      try executor.trainer(for: other, in: run) { _ in }
    }
    #expect(error?.description.contains("training.epochs was 4 and is now 9") == true)
  }

  /// Told before a run what the run says of itself; and after it, what it makes of a clip.
  @Test func networksAreCountedAndQueried() throws {
    try Samples.withFolder { folder in
      try makeSounds(folder)
      let recipe = try recipe(folder).setting("method.id", to: "unet-only")
        .setting("training.epochs", to: "1")
      let engine = LabEngine(
        runs: folder.appendingPathComponent("runs"), cache: folder.appendingPathComponent("cache"))
      var messages: [Message] = []
      engine.send(.openDataset(recipe))
      collect(engine, &messages) { $0.contains { if case .dataset = $0 { true } else { false } } }
      engine.send(.count(Recipe(dataset: "esc50")))
      collect(engine, &messages) { !counts($0).isEmpty }
      engine.send(.count(recipe))
      collect(engine, &messages) { counts($0).count == 2 }
      #expect(
        counts(messages).first?.result == .problem("esc50 is not open; 1 Data opens it"))

      engine.send(.start(recipe))
      collect(engine, &messages) { events($0).contains { $0.body is RunEnded } }
      #expect(engine.waitUntilIdle(seconds: 10))
      let started = try #require(
        events(messages).compactMap { if let body = $0.body as? RunStarted { body } else { nil } }
          .first)
      let counted = ParameterCount.Result.counted(
        trained: started.trainableParameters, all: started.parameters)
      #expect(counts(messages).last == ParameterCount(network: recipe.network, counted))
      #expect(started.trainableParameters > 1285)

      engine.send(.reprogram(clip: "20.wav"))
      collect(engine, &messages) { spectrograms($0).count == 1 }
      let spectrogram = try #require(spectrograms(messages).first)
      #expect(spectrogram.clip == "20.wav" && spectrogram.bands == 64)
      #expect(spectrogram.changed.count == spectrogram.original.count)
      #expect(
        spectrogram.changed.allSatisfy { $0 >= 0 } && spectrogram.original.contains { $0 < 0 })
      engine.send(.reprogram(clip: "nobody"))
      collect(engine, &messages) { !troubles($0).isEmpty }
      #expect(troubles(messages) == ["nobody: no clip that the network changes; expected one"])
    }
  }

  private func counts(_ messages: [Message]) -> [ParameterCount] {
    messages.compactMap { if case .parameters(let count) = $0 { count } else { nil } }
  }

  private func spectrograms(_ messages: [Message]) -> [ReprogrammedInput] {
    messages.compactMap { if case .reprogrammed(let input) = $0 { input } else { nil } }
  }

  @Test func failingDataSetIsAOneLineError() throws {
    try Samples.withFolder { folder in
      let engine = LabEngine(runs: folder, cache: folder)
      let missing = folder.appendingPathComponent("nothing").path
      let recipe = try Recipe().setting("dataset.id", to: "folder").setting(
        "dataset.root", to: missing)
      var messages: [Message] = []
      engine.send(.start(recipe))
      collect(engine, &messages) { $0.contains { if case .session = $0 { true } else { false } } }
      let troubles = troubles(messages)
      #expect(troubles.count == 1)
      #expect(troubles.first?.contains(missing) == true)
      #expect(troubles.first?.contains("expected") == true)
    }
  }
}
