// Runs on a frozen network: small checkpoints that name the weights, counts, schedule and warnings.
import Acoustics
import Autograd
import Datasets
import Foundation
import Lab
import Layers
import Methods
import Models
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
      let hello = recorder.events.compactMap { event -> Hello? in
        if case .hello(let hello) = event.body { hello } else { nil }
      }.first
      #expect(hello?.trainableParameters == 1285 + 2 * 32 + 33 * 3)
      let body = Stored("0").body.map(\.parameter.value.count).reduce(0, +)
      #expect(hello.map { $0.parameters > body + 1285 } == true)
    }
  }

  @Test func otherFrozenWeightsDoNotGoOn() throws {
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let first = try Tones.trainer(try plan(folder, digest: "0123456789abcdef"), recorder)
      first.begin(stepping: 3, recorder)
      first.stop(.now)
      #expect(first.wait().reason == .interrupted)
      let other = Recorder()
      let second = try Tones.trainer(try plan(folder, digest: "0123456789abcdee"), other)
      second.start()
      #expect(second.wait().reason == .failed)
      let said = other.events.compactMap { event -> String? in
        if case .log(let line) = event.body { line.text } else { nil }
      }
      #expect(said.contains { $0.contains("backbone.digest") }, "\(said)")
      let third = try Tones.trainer(try plan(folder, digest: "0123456789abcdef"))
      third.start()
      #expect(third.wait().reason == .done)
    }
  }

  @Test func theRateFallsAfterNamedEpochs() throws {
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
  func betasCount(_ key: String, _ value: String) throws {
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
