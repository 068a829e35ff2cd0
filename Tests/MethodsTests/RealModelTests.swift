// Every method with every model of the catalogue: it learns, repeats itself, and is restored.
import Acoustics
import Autograd
import Datasets
import Layers
import Methods
import Models
import Testing

private struct Pairing: CustomTestStringConvertible, Sendable {
  let method: String
  let model: String
  var testDescription: String { "\(method) with \(model)" }

  /// Those that follow a gradient.
  static let all = MethodCatalog.all.filter { $0.card.id != "classic" }.flatMap { method in
    ModelCatalog.all.filter { $0.card.id != "classic" }.map {
      Pairing(method: method.card.id, model: $0.card.id)
    }
  }

  /// Small sizes of the real models; eight clips are learned by heart without dropout.
  func make(seed: Int, dropout: Double = 0) throws -> any Method {
    let random = RandomSource(Generator(seed: seed))
    var sizes: [String: [String: Hyperparameter.Value]] = [
      "cnn": ["width": .integer(4)], "attention": ["layers": .integer(1)],
      "ast": ["width": .integer(32), "layers": .integer(1), "heads": .integer(2)],
    ]
    for id in ["cnn", "attention"] { sizes[id]?["dropout"] = .real(dropout) }
    let hyperparameters = sizes[model] ?? [:]
    let blueprint = try #require(ModelCatalog.find(model))
    let setup = MethodSetup(
      makeModel: {
        try blueprint.make(
          classes: 3, input: InputSize(bands: 16, frames: 16), hyperparameters: hyperparameters,
          random: random)
      }, classes: 3, plannedSteps: 60, random: random,
      makePart: { try Preprocessors.make($0, random: random) })
    return try #require(MethodCatalog.find(method)).init(setup)
  }
}

/// Eight log-mels of 16 bands and 16 frames.
private func batch() -> Batch {
  var generator = Generator(seed: 11)
  let input = (0..<8 * 16 * 16).map { _ in Float(generator.normal()) }
  let targets = (0..<24).map { _ in Float(generator.index(below: 2)) }
  return Batch(
    clips: (0..<8).map(String.init), input: Tensor(input, [8, 1, 16, 16]),
    targets: Tensor(targets, [8, 3]), observed: Tensor(repeating: 1, [8, 3]), embeddings: [:])
}

private func train(
  _ method: any Method, _ adam: Adam, _ mode: Mode, steps: ClosedRange<Int>
) -> [Float] {
  let batch = batch()
  return steps.map { step in
    let loss = method.loss(batch, mode).total
    adam.step(gradients(of: loss), learningRate: 0.02)
    method.stepEnded(step)
    return loss.item
  }
}

/// The batch as a training set, all of it answered.
private func lesson() -> Lesson {
  Lesson(
    clips: batch().clips.enumerated().map { n, id in
      Clip(
        id: id, audio: nil, split: .train, seconds: 1,
        labels: Array(batch().targets.values[n * 3..<n * 3 + 3]))
    }
  ) { $0(batch().input, .evaluation()).probabilities.values }
}

@Suite struct RealModels {
  @Test(arguments: Pairing.all)
  fileprivate func eightClipsAreLearnedByHeart(_ pairing: Pairing) throws {
    let method = try pairing.make(seed: 1)
    let mode = Mode.training(RandomSource(Generator(seed: 2)))
    var losses: [Float] = []
    for stage in type(of: method).stages([:]).indices {
      let adam = Adam(method.trained(in: stage).namedParameters)
      losses = train(method, adam, mode, steps: 1...60)
      _ = try method.stageEnded(stage, lesson())
    }
    #expect(losses[0] > 0.3 && losses[59] < 0.1, "from \(losses[0]) to \(losses[59])")
    let answers = method.model(batch().input, .evaluation()).probabilities.values
    #expect(answers.map { $0 > 0.5 } == batch().targets.values.map { $0 > 0.5 })
  }

  /// Weights, buffers, optimizer and random stream: what a checkpoint holds is all there is.
  @Test(arguments: Pairing.all)
  fileprivate func resumingIsGoingOn(_ pairing: Pairing) throws {
    let whole = try pairing.make(seed: 1, dropout: 0.3)
    let adam = Adam(whole.trained(in: 0).namedParameters, weightDecay: 1e-5)
    let source = RandomSource(Generator(seed: 2))
    _ = train(whole, adam, .training(source), steps: 1...4)
    let (weights, teacher, memory) = (whole.model.state, whole.teacher?.state, whole.memory)
    let (moments, stream) = (adam.state, source.generator)
    let expected = train(whole, adam, .training(source), steps: 5...8)

    let resumed = try pairing.make(seed: 77, dropout: 0.3)
    try resumed.model.restore(weights)
    if let teacher { try resumed.teacher?.restore(teacher) }
    try resumed.restore(memory, stage: 0, lesson: lesson())
    let second = Adam(resumed.trained(in: 0).namedParameters, weightDecay: 1e-5)
    try second.restore(moments)
    let mode = Mode.training(RandomSource(stream))
    #expect(train(resumed, second, mode, steps: 5...8) == expected)
    #expect(
      resumed.model(batch().input, .evaluation()).probabilities.values
        == whole.model(batch().input, .evaluation()).probabilities.values)
  }
}
