// Old classes that stand for new ones, and a picture added to the input.
import Acoustics
import Autograd
import Datasets
import Layers
import Methods
import Models
import Testing

/// A network whose classes are the five values of its input.
private struct Echo: SourceClassifier {
  static let head = "head."
  let embeddingWidth = 5
  let sourceClasses = 5

  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let rows = input.reshape([input.shape[0], 5])
    return Prediction(.logits(rows), embedding: rows)
  }

  func sourceLogits(_ embedding: Tensor) -> Tensor { embedding }
}

private func setup(
  _ settings: [String: SettingValue], classes: Int = 2, seed: Int = 1
) throws -> MethodSetup {
  let labels = settings.merging(["mapping": .choice("labels")]) { $1 }
  return MethodSetup(
    makeModel: { Echo() }, classes: classes, input: [1, 1, 5],
    settings: try Settings(labels, of: ReprogramNoise.card), plannedSteps: 10, stepsPerEpoch: 2,
    random: RandomSource(Generator(seed: seed)))
}

/// Clips of the first class make values 3 and 1 large, of the second 0 and 4.
private func batch(observed: [Float] = [1, 1, 1, 1]) -> Batch {
  let rows: [Float] = [0, 4, 0, 6, 1, 5, 0, 0, 0, 3]
  return Batch(
    clips: ["a", "b"], input: Tensor(rows, [2, 1, 1, 5]), targets: Tensor([1, 0, 0, 1], [2, 2]),
    observed: Tensor(observed, [2, 2]))
}

private func training(step: Int = 0) -> Mode {
  .training(RandomSource(Generator(seed: 3)), step: step)
}

private func logits(_ method: any Method) -> [Float] {
  method.model(batch().input, .evaluation()).logits.values
}

@Suite struct LabelMappingTests {
  /// Each class averages the two old classes that rise most with it.
  @Test func mappingIsChosenByTheTrainingClips() throws {
    let method = try ReprogramNoise(setup(["sources": .integer(2)]))
    _ = method.loss(batch(), training())
    #expect(logits(method) == [5, 0.5, 0, 4])
  }

  @Test func missingLabelsChooseNothing() throws {
    let method = try ReprogramNoise(setup(["sources": .integer(1)]))
    let before = logits(method)
    _ = method.loss(batch(observed: [0, 0, 0, 0]), training())
    #expect(logits(method) == before)
  }

  @Test func mappingStaysAfterTheFirstEpoch() throws {
    let method = try ReprogramNoise(setup([:]))
    let before = logits(method)
    _ = method.loss(batch(), training(step: 2))
    #expect(logits(method) == before)
  }

  @Test func randomMappingFollowsTheSeed() throws {
    func answers(_ seed: Int) throws -> [Float] {
      let method = try ReprogramNoise(
        setup(["assignment": .choice("random"), "sources": .integer(1)], seed: seed))
      _ = method.loss(batch(), training())
      return logits(method)
    }
    #expect(try answers(1) == answers(1))
    #expect(try Set((1...8).map(answers)).count > 1)
  }

  /// No old class stands for two, so 2 · 2 is the most that five allow.
  @Test func mappingHasNoMoreSourcesThanThereAre() throws {
    let method = try ReprogramNoise(setup(["sources": .integer(100)]))
    let matrix = try #require(method.model.state["output.matrix"])
    #expect(matrix.values.filter { $0 == 0.5 }.count == 4)
    #expect(matrix.sum([0]).values.allSatisfy { $0 == 0 || $0 == 0.5 })
    let error = #expect(throws: SettingsError.self) {
      try ReprogramNoise(setup([:], classes: 6))
    }
    #expect(error?.problem == "the network has 5 classes for 6 new ones")
  }

  @Test func mappingIsRestored() throws {
    let trained = try ReprogramNoise(setup([:])), fresh = try ReprogramNoise(setup([:], seed: 9))
    _ = trained.loss(batch(), training())
    try fresh.model.restore(trained.model.state)
    #expect(logits(fresh) == logits(trained))
  }

  /// The transformer that comes with the program knows 161 programs and keys of notes.
  @Test func classesOfTheTransformerStandForNewOnes() throws {
    let size = InputSize(bands: 128, frames: 64)
    func transformer(_ weights: String) throws -> any Classifier {
      try ASTModel.make(
        classes: 2, input: size,
        settings: Settings(
          [
            "weights": .choice(weights), "width": .integer(32), "layers": .integer(1),
            "heads": .integer(1),
          ], of: ASTModel.card), random: RandomSource(Generator(seed: 5)))
    }
    var setup = try setup(["sources": .integer(2)])
    setup.input = [1, 128, 64]
    setup.makeModel = { try transformer("band-ast") }
    let method = try ReprogramNoise(setup)
    var generator = Generator(seed: 6)
    let sounds = Tensor((0..<2 * 128 * 64).map { _ in Float(generator.normal()) }, [2, 1, 128, 64])
    var clips = batch()
    clips.input = sounds
    let slopes = gradients(of: method.loss(clips, training()).total)
    let noise = try #require(
      method.model.namedParameters.first { $0.name == "input.noise" }?.parameter)
    #expect(slopes[noise]?.values.contains { $0 != 0 } == true)
    let network = try #require(try transformer("band-ast") as? ASTModel)
    let matrix = try #require(method.model.state["output.matrix"])
    #expect(matrix.shape == [2, 161] && matrix.values.filter { $0 == 0.5 }.count == 4)
    let old = network.sourceLogits(network(sounds, .evaluation()).embedding)
    let found = method.model(sounds, .evaluation()).logits.values
    #expect(zip(found, old.linear(matrix).values).allSatisfy { abs($0 - $1) < 1e-4 })
    // The two that rise most with the first class, of which the first clip has it.
    let rises = (0..<161).map { old.values[$0] - old.values[161 + $0] }
    let chosen = matrix.values.prefix(161).enumerated().filter { $0.element > 0 }.map(\.offset)
    #expect(chosen.contains(rises.indices.max { rises[$0] < rises[$1] } ?? -1))
    setup.makeModel = { try transformer("random") }
    let error = #expect(throws: SettingsError.self) { try ReprogramNoise(setup) }
    #expect(error?.problem == "the model has no classes of its own")
  }

  @Test func networksWithoutClassesAreRefused() throws {
    struct Blind: Backbone {
      static let head = "head."
      let embeddingWidth = 5
      func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
        Prediction(.logits(input), embedding: input)
      }
    }
    var setup = try setup([:])
    setup.makeModel = { Blind() }
    let error = #expect(throws: SettingsError.self) { try ReprogramNoise(setup) }
    #expect(error?.key == "mapping")
  }
}

@Suite struct NoiseTests {
  /// The gradient of the mean cross-entropy for one added picture, by hand.
  @Test func noiseIsAddedToEveryClip() throws {
    let method = try ReprogramNoise(
      setup(["assignment": .choice("random"), "sources": .integer(1)]))
    #expect(method.model.trainableCount == 5)
    let noise = try #require(
      method.model.namedParameters.first { $0.name == "input.noise" }?.parameter)
    #expect(noise.value.values == [0, 0, 0, 0, 0])
    let slopes = gradients(of: method.loss(batch(), training()).total)
    let matrix = try #require(method.model.state["output.matrix"])
    let errors = zip(method.model(batch().input, .evaluation()).probabilities.values, [1, 0, 0, 1])
      .map { ($0 - $1) / 4 }
    let expected = Tensor(errors, [2, 2]).sum([0], keepingDimensions: true).matmul(matrix)
    let found = slopes[noise]?.values ?? []
    #expect(zip(found, expected.values).allSatisfy { abs($0 - $1) < 1e-6 } && found.count == 5)
    noise.value = Tensor([1, 2, 3, 4, 5], [1, 5, 1])
    let moved = method.model(batch().input, .evaluation()).embedding.values
    #expect(moved == zip(batch().input.values, [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]).map { $0 + $1 })
  }

  @Test func astNeeds131072Values() throws {
    var setup = try setup([:])
    setup.input = [1, 128, 1024]
    #expect(try ReprogramNoise(setup).model.trainableCount == 131_072)
  }
}
