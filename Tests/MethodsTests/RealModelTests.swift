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

  /// Those that follow a gradient; the largest model with few methods, for it takes its time.
  static let all = MethodCatalog.all.filter { $0.card.id != "classic" }.flatMap { method in
    ModelCatalog.all.filter { $0.card.id != "classic" }
      .map { Pairing(method: method.card.id, model: $0.card.id) }
      .filter { $0.model != "harmonic-cnn" || ["concat", "con-reg"].contains($0.method) }
  }

  private static let sizes: [String: [String: SettingValue]] = [
    "cnn": ["width": .integer(4)], "attention": ["layers": .integer(1)],
    "ast": ["width": .integer(32), "layers": .integer(1), "heads": .integer(2)],
    "harmonic-cnn": ["width": .integer(4), "pools": .choice("dcase")],
  ]

  /// Of one clip.
  var input: InputSize {
    model == "harmonic-cnn" ? InputSize(bands: 257, frames: 128) : InputSize(bands: 16, frames: 16)
  }

  /// The features drawn here have nothing to do with the labels: they may not outweigh them.
  private var settings: [String: SettingValue] {
    method == "dis-reg" ? ["weight": .real(0.1)] : learningByHeart[method] ?? [:]
  }

  /// Small sizes of the real models; eight clips are learned by heart without dropout.
  func make(seed: Int, dropout: Double = 0) throws -> any Method {
    let random = RandomSource(Generator(seed: seed))
    var size = Pairing.sizes[model] ?? [:]
    let blueprint = try #require(ModelCatalog.find(model))
    if blueprint.card.hyperparameters.contains(where: { $0.key == "dropout" }) {
      size["dropout"] = .real(dropout)
    }
    let type = try #require(MethodCatalog.find(method))
    let (input, ofModel) = (self.input, try Settings(size, of: blueprint.card))
    let setup = MethodSetup(
      makeModel: {
        try blueprint.make(classes: 3, input: input, settings: ofModel, random: random)
      }, classes: 3, input: input.shape(isSequence: false), embeddings: ToyFeatures.sizes,
      settings: try Settings(settings, of: type.card), plannedSteps: 60,
      clips: context(self).clips, random: random,
      makePart: { try Preprocessors.make($0, random: random) })
    return try type.init(setup)
  }
}

/// Eight pictures: log-mels of normal values, or power spectra.
private func batch(_ pairing: Pairing) -> Batch {
  var generator = Generator(seed: 11)
  let size = pairing.input
  let normal = (0..<8 * size.bands * size.frames).map { _ in Float(generator.normal()) }
  let input = pairing.model == "harmonic-cnn" ? normal.map { $0 * $0 } : normal
  let targets = (0..<24).map { _ in Float(generator.index(below: 2)) }
  return Batch(
    clips: (0..<8).map(String.init), input: Tensor(input, [8] + size.shape(isSequence: false)),
    targets: Tensor(targets, [8, 3]), observed: Tensor(repeating: 1, [8, 3]),
    embeddings: ToyFeatures.embeddings(clips: 8, seed: 11))
}

/// What the method's model scores of the batch.
private func scored(_ pairing: Pairing, by method: any Method) -> Tensor {
  ToyFeatures.scored(batch(pairing), by: type(of: method))
}

/// The loss before each step; where features are learned from as well, that of the labels alone.
private func train(
  _ pairing: Pairing, _ method: any Method, _ adam: Adam, _ random: RandomSource,
  steps: ClosedRange<Int>
) -> [Float] {
  let batch = batch(pairing)
  return steps.map { step in
    let loss = method.loss(batch, .training(random, step: step - 1))
    adam.step(gradients(of: loss.total), learningRate: 0.02)
    method.stepEnded(step)
    let isTaught = !type(of: method).extractors(Settings()).isEmpty
    return isTaught ? loss.terms[0].value.item : loss.total.item
  }
}

/// The batch as a training set, all of it answered.
private func context(_ pairing: Pairing) -> StageContext {
  let batch = batch(pairing)
  return StageContext(
    clips: batch.clips.enumerated().map { n, id in
      Clip(
        id: id, audio: nil, split: .train, seconds: 1,
        labels: Array(batch.targets.values[n * 3..<n * 3 + 3]))
    }
  ) { $0(batch.input, .evaluation()).probabilities.values }
}

@Suite struct RealModels {
  @Test(arguments: Pairing.all)
  fileprivate func eightClipsAreOverfitted(_ pairing: Pairing) throws {
    let method = try pairing.make(seed: 1)
    let random = RandomSource(Generator(seed: 2))
    var losses: [Float] = []
    for stage in type(of: method).stages(Settings()).indices {
      let adam = Adam(method.trained(in: stage).namedParameters)
      losses = train(pairing, method, adam, random, steps: 1...60)
      _ = try method.stageEnded(stage, context(pairing))
    }
    let least = smallestLosses[pairing.method, default: 0]
    #expect(losses[0] - least > 0.1, "from \(losses[0])")
    #expect(losses[59] - least < 0.1, "to \(losses[59])")
    let answers = method.model(scored(pairing, by: method), .evaluation()).probabilities.values
    let wrong = zip(answers, batch(pairing).targets.values).count { ($0 > 0.5) != ($1 > 0.5) }
    // The moving statistics of batch norm lag behind the last steps.
    #expect(wrong <= 1, "\(wrong) of \(answers.count)")
  }

  /// Weights, buffers, optimizer and random stream: what a checkpoint holds is all there is.
  @Test(arguments: Pairing.all)
  fileprivate func resumingContinuesExactly(_ pairing: Pairing) throws {
    let whole = try pairing.make(seed: 1, dropout: 0.3)
    let adam = Adam(whole.trained(in: 0).namedParameters, weightDecay: 1e-5)
    let source = RandomSource(Generator(seed: 2))
    _ = train(pairing, whole, adam, source, steps: 1...4)
    let (weights, teacher, memory) = (whole.model.state, whole.teacher?.state, whole.memory)
    let (moments, stream) = (adam.state, source.generator)
    let expected = train(pairing, whole, adam, source, steps: 5...8)

    let resumed = try pairing.make(seed: 77, dropout: 0.3)
    try resumed.model.restore(weights)
    if let teacher { try resumed.teacher?.restore(teacher) }
    var context = context(pairing)
    context.step = 4
    try resumed.restore(memory, stage: 0, context: context)
    let second = Adam(resumed.trained(in: 0).namedParameters, weightDecay: 1e-5)
    try second.restore(moments)
    #expect(train(pairing, resumed, second, RandomSource(stream), steps: 5...8) == expected)
    let input = scored(pairing, by: whole)
    #expect(
      resumed.model(input, .evaluation()).probabilities.values
        == whole.model(input, .evaluation()).probabilities.values)
  }
}
