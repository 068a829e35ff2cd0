// Runs on a frozen network: small checkpoints that name the weights, counts, schedule and warnings.
import Acoustics
import Autograd
import Datasets
import Foundation
import Lab
import Layers
import Methods
import Models
import Synchronization
import Testing

/// A transformer of width 32 as if it had come from a file with this digest.
private struct Stored: Backbone {
  let network: ASTModel
  var origin: WeightOrigin?
  static let head = "network.classifier."
  var embeddingWidth: Int { network.embeddingWidth }

  init(_ digest: String) {
    network = ASTModel(
      classes: 3, size: ASTModel.Size(width: 32, heads: 1, depth: 1),
      input: InputSize(bands: Tones.bands, frames: Tones.frames),
      random: RandomSource(Generator(seed: 8)))
    origin = WeightOrigin(file: "stored", digest: digest)
  }

  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction { network(input, mode) }
}

private func plan(_ folder: URL, digest: String, epochs: Int = 2) throws -> TrainingPlan {
  let changes = ["method.id": "reprogram-unet", "training.epochs": "\(epochs)"]
  return try Tones.plan(folder, changes) { random, steps in
    try ReprogramUNet(
      MethodSetup(
        makeModel: { Stored(digest) }, classes: 3, plannedSteps: steps, random: random,
        makePart: { try Preprocessors.make($0, random: random) }))
  }
}

@Suite struct ReprogrammingRunTests {
  @Test func checkpointsNameFrozenWeights() throws {
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let trainer = try Tones.trainer(try plan(folder, digest: "0123456789abcdef"), recorder)
      trainer.start()
      #expect(trainer.wait().reason == .done)
      let tensors = try Checkpoint(reading: RunFolder(folder).best).tensors
      let names = tensors.keys.filter { $0.hasPrefix("backbone.") }
      #expect(names == ["backbone.digest"])
      #expect(tensors["backbone.digest"]?.values.prefix(3) == [0, 1, 2])
      let started = recorder.events.compactMap { event -> RunStarted? in
        if let started = event.body as? RunStarted { started } else { nil }
      }.first
      #expect(started?.trainableParameters == 1285 + 2 * 32 + 33 * 3)
      let body = Stored("0").body.map(\.parameter.value.count).reduce(0, +)
      #expect(started.map { $0.parameters > body + 1285 } == true)
    }
  }

  /// The spectrogram is what the part makes of the clip with the weights that are kept.
  @Test func shownInputIsTheOutputOfThePreprocessor() throws {
    try Samples.withFolder { folder in
      let plan = try plan(folder, digest: "0123456789abcdef")
      let recorder = Recorder()
      let trainer = try Tones.trainer(plan, recorder)
      trainer.start()
      #expect(trainer.wait().reason == .done)
      let shown = try #require(answer(trainer, "test-3"))
      let random = RandomSource(Generator(seed: 1))
      let part = try Preprocessors.make("unet", random: random)
      let prefix = "input."
      let weights = try Checkpoint(reading: plan.folder.best).tensors
        .filter { $0.key.hasPrefix(prefix) }
        .map { (String($0.key.dropFirst(prefix.count)), $0.value) }
      try part.restore(Dictionary(uniqueKeysWithValues: weights))
      let input = plan.test.view([3], segment: 0)
      let expected = part(input.reshape([1, Tones.bands, Tones.frames, 1]), .evaluation())
      #expect(shown.bands == Tones.bands && shown.frames == Tones.frames)
      #expect(shown.original == input.values)
      #expect(shown.changed == expected.values && shown.changed != shown.original)
      #expect(shown.step == 8)
      #expect(answer(trainer, "nobody") == nil)
      let started = recorder.events.compactMap { event -> RunStarted? in
        if let started = event.body as? RunStarted { started } else { nil }
      }.first
      #expect(started?.capabilities.contains(RunStarted.reprogramsInput) == true)
    }
  }

  @Test(arguments: [("cnn-only", true), ("unet-only", true), ("b1", false)])
  func networksWithoutAPreprocessorKeepTheInput(id: String, changes: Bool) throws {
    try Samples.withFolder { folder in
      let trainer = try Tones.trainer(
        try Tones.plan(folder, ["method.id": id, "training.epochs": "1"]))
      trainer.start()
      #expect(trainer.wait().reason == .done)
      #expect((answer(trainer, "train-0") != nil) == changes)
    }
  }

  private func answer(_ trainer: Trainer, _ clip: String) -> ReprogrammedInput? {
    let found = Mutex<ReprogrammedInput?>(nil)
    let told = DispatchSemaphore(value: 0)
    trainer.withModel { model, splits, step in
      let input = splits.lazy.compactMap { $0.reprogrammed(clip, by: model, step: step) }.first
      found.withLock { $0 = input }
      told.signal()
    }
    told.wait()
    return found.withLock { $0 }
  }

  @Test func otherFrozenWeightsDoNotResume() throws {
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let first = try Tones.trainer(try plan(folder, digest: "0123456789abcdef"), recorder)
      first.begin(stepping: 3, recorder)
      first.perform(.stop(.now))
      #expect(first.wait().reason == .interrupted)
      let other = Recorder()
      let second = try Tones.trainer(try plan(folder, digest: "0123456789abcdee"), other)
      second.start()
      #expect(second.wait().reason == .failed)
      let said = other.events.compactMap { event -> String? in
        if let line = event.body as? LogLine { line.text } else { nil }
      }
      #expect(said.contains { $0.contains("backbone.digest") }, "\(said)")
      let third = try Tones.trainer(try plan(folder, digest: "0123456789abcdef"))
      third.start()
      #expect(third.wait().reason == .done)
    }
  }

  @Test func learningRateFallsAfterMilestones() throws {
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let changes = [
        "training.schedule": "epochs", "training.decayFirst": "2", "training.decayLast": "3",
        "training.decayFactor": "0.5", "training.epochs": "4", "training.beta1": "0.95",
        "training.beta2": "0.99",
      ]
      let trainer = try Tones.trainer(try Tones.plan(folder, changes), recorder)
      trainer.start()
      #expect(trainer.wait().reason == .done)
      let state = recorder.events.reduce(into: RunState()) { $0.apply($1) }
      let rates = try #require(state.series["lr"]?.values)
      // Four steps an epoch.
      let expected: [Float] = Array(repeating: 1000, count: 8) + [500, 500, 500, 500]
      #expect(rates.map { ($0 * 1e5).rounded() } == expected + [250, 250, 250, 250])
    }
  }

  @Test(arguments: [("training.beta1", "0.5"), ("training.beta2", "0.9")])
  func betasChangeTheResult(_ key: String, _ value: String) throws {
    func weights(_ changes: [String: String]) throws -> [String: [Float]] {
      try Samples.withFolder { folder in
        let trainer = try Tones.trainer(try Tones.plan(folder, changes))
        trainer.start()
        _ = trainer.wait()
        return try Tones.weights(folder)
      }
    }
    let isOther = try weights([key: value]) != weights([:])
    #expect(isOther)
  }
}
