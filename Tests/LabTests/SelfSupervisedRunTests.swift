// Runs of self-supervised learning: without labels, without scores, resumed bit for bit, and as
// the start of other runs.
import Autograd
import Datasets
import Formats
import Foundation
import Lab
import Methods
import Testing

@Suite struct SelfSupervisedRunTests {
  private static let alone = ["method.id": "self-supervised", "method.use": "none"]
  private static let unlabelled = Tones.split(.train, clips: 30, missing: 1.1)

  @discardableResult private func train(
    _ folder: URL, _ changes: [String: String], train: (any SplitData)? = nil
  ) throws -> [Event] {
    let recorder = Recorder()
    let trainer = try Tones.trainer(try Tones.plan(folder, changes, train: train), recorder)
    trainer.start()
    #expect(trainer.wait().reason == .done)
    return recorder.events
  }

  /// No label is given, none is scored; the curves are those of the loss and of the spread.
  @Test func runWithoutLabelsEndsWithWeightsAndNoScores() throws {
    try Samples.withFolder { folder in
      let events = try train(folder, Self.alone, train: Self.unlabelled)
      #expect(!events.contains { $0.body is EvalEnd || $0.body is EvalStart })
      #expect((events.last?.body as? RunEnded)?.scores.isEmpty == true)
      let state = events.reduce(into: RunState()) { $0.apply($1) }
      #expect(state.step == 12 && state.started?.stages == nil && state.bestStep == 12)
      for name in ["loss/total", "loss/views", "embedding/spread"] {
        let series = try #require(state.series[name])
        #expect(series.values.count == 12 && series.values.allSatisfy { $0 > 0 }, "\(name)")
      }
      let warned = events.compactMap { $0.body as? LogLine }.filter { $0.level != .info }
      #expect(warned.isEmpty, "\(warned.map(\.text))")
      #expect(try RunFolder(folder).headline(columns: []) == nil)
      let last = try RunFolder(folder).lastScalars()
      #expect(last["loss/total"] == state.series["loss/total"]?.values.last)
    }
  }

  @Test func methodsOnLabelsRefuseTheSameClips() throws {
    try Samples.withFolder { folder in
      let plan = try Tones.plan(folder, train: Self.unlabelled)
      let error = #expect(throws: LabError.self) { try Tones.trainer(plan) }
      #expect(error?.description.contains("no label is observed") == true)
    }
  }

  /// In the first stage, at its end, and in the last; with other numbers of epochs in both.
  @Test(arguments: ["none", "probe"], [1, 7, 8, 13])
  func runResumedAnywhereGivesTheSameWeights(use: String, stop: Int) throws {
    let changes = [
      "method.id": "self-supervised", "method.use": use, "method.pretrainEpochs": "2",
    ]
    guard use != "none" || stop < 8 else { return }
    let whole = try Samples.withFolder { folder in
      try train(folder, changes)
      return try Tones.weights(folder)
    }
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let first = try Tones.trainer(try Tones.plan(folder, changes), recorder)
      first.begin(stepping: stop, recorder)
      first.perform(.stop(.now))
      #expect(first.wait().reason == .interrupted)
      try train(folder, changes)
      let isSame = try Tones.weights(folder) == whole
      #expect(isSame, "\(use), stopped after \(stop)")
    }
  }

  /// Two epochs of four steps, then three; the schedule begins anew.
  @Test func stagesHaveTheirOwnEpochs() throws {
    try Samples.withFolder { folder in
      let events = try train(
        folder, ["method.id": "self-supervised", "method.pretrainEpochs": "2"])
      let state = events.reduce(into: RunState()) { $0.apply($1) }
      #expect(state.started?.plannedSteps == 20 && state.started?.plannedEpochs == 5)
      #expect(state.started?.stages == ["pretrain", "student"] && state.step == 20)
      let rates = try #require(state.series["lr"]?.values)
      #expect(rates[0] == rates[8] && rates[7] < rates[0] / 4 && rates[19] < rates[8] / 4)
      let scored = events.compactMap { $0.body is EvalEnd ? $0.epoch : nil }
      #expect(scored.first == 3 && scored.count == 4, "\(scored)")
    }
  }

  // MARK: the start of other runs

  private func weights(_ folder: URL, width: String = "4") throws -> URL {
    let run = folder.appendingPathComponent("pretrained")
    try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
    try train(run, Self.alone.merging(["model.width": width]) { $1 })
    let file = folder.appendingPathComponent("body.safetensors")
    try BackboneWeights(of: RunFolder(run)).write(to: file)
    return file
  }

  private func model(_ folder: URL, _ changes: [String: String]) throws -> [String: Tensor] {
    let plan = try Tones.plan(folder, changes)
    return try plan.makeMethod(RandomSource(Generator(seed: 1)), 12).model.state
  }

  @Test func runsStartFromAFileOfWeights() throws {
    try Samples.withFolder { folder in
      let file = try weights(folder)
      let stored = try Safetensors.read(file).0
      #expect(stored.keys.contains("conv1.weight") && !stored.keys.contains("fc.weight"))
      let started = try model(folder, ["model.weights": file.path])
      for (name, entry) in stored { #expect(started[name]?.values == entry.values, "\(name)") }
      let random = try model(folder, [:])
      #expect(started["fc.weight"]?.values == random["fc.weight"]?.values)
      #expect(started["conv1.weight"]?.values != random["conv1.weight"]?.values)
      // A run's checkpoint, with its head and standardizer, is such a file as well.
      let best = folder.appendingPathComponent("pretrained/best.safetensors")
      let again = try model(folder, ["model.weights": best.path])
      #expect(again["conv4.weight"]?.values == started["conv4.weight"]?.values)
    }
  }

  @Test func weightsOfAnotherSizeAreRefused() throws {
    try Samples.withFolder { folder in
      let file = try weights(folder, width: "6")
      let error = #expect(throws: Problem.self) {
        try model(folder, ["model.weights": file.path])
      }
      let text = error.map { "\($0)" } ?? ""
      #expect(text.contains("body.safetensors") && text.contains("expected ["), "\(text)")
      #expect(text.contains("has shape"), "\(text)")
      let absent = #expect(throws: (any Error).self) {
        try model(folder, ["model.weights": folder.path + "/none.safetensors"])
      }
      #expect(absent.map { "\($0)".contains("none.safetensors") } == true)
      #expect(throws: RecipeError.self) { try Recipe().setting("model.weights", to: "band-net") }
    }
  }

  /// A trained network needs the file no more.
  @Test func trainedRunsAreReadWithoutTheFile() throws {
    try Samples.withFolder { folder in
      let file = try weights(folder)
      let run = folder.appendingPathComponent("tuned")
      try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
      try train(run, ["model.weights": file.path, "training.epochs": "1"])
      try FileManager.default.removeItem(at: file)
      _ = try BackboneWeights(of: RunFolder(run))
    }
  }

  @Test func weightsOfASessionCountFromItsFolder() throws {
    let text = "model: { id: cnn, weights: body.safetensors }\n"
    let session = try Session(
      yaml: text, file: "session.yaml",
      folder: URL(fileURLWithPath: "/sessions/own", isDirectory: true))
    let path = session.runs.first?.recipe["model.weights"]
    #expect(path == "/sessions/own/body.safetensors")
  }
}
