// Self-supervised learning: its losses, its target network, and what labels are used for.
import Acoustics
import Autograd
import Datasets
import Layers
import Methods
import Models
import Testing

private let clips = 8
private let classes = 3

/// Pictures [8, 1, 5, 6] of normal values; label k is missing where k is odd.
private func batch(seed: Int = 1, clips: Int = clips) -> Batch {
  var generator = Generator(seed: seed)
  let input = (0..<clips * 30).map { _ in Float(generator.normal()) }
  let targets = (0..<clips * classes).map { _ in Float(generator.index(below: 2)) }
  return Batch(
    clips: (0..<clips).map(String.init), input: Tensor(input, [clips, 1, 5, 6]),
    targets: Tensor(targets, [clips, classes]),
    observed: Tensor(targets.indices.map { $0.isMultiple(of: 2) ? 1 : 0 }, [clips, classes]))
}

private func make(
  _ settings: [String: SettingValue] = [:], seed: Int = 3, input: [Int] = [1, 5, 6],
  _ model: ((RandomSource) throws -> any Classifier)? = nil
) throws -> SelfSupervised {
  let random = RandomSource(Generator(seed: seed))
  return try SelfSupervised(
    MethodSetup(
      makeModel: {
        try model?(random) ?? ToyClassifier(inputs: 30, classes: classes, random: random)
      }, classes: classes, input: input,
      settings: try Settings(settings, of: SelfSupervised.card), plannedSteps: 60, random: random))
}

private func training(_ seed: Int = 5) -> Mode { .training(RandomSource(Generator(seed: seed))) }

private var context: StageContext { StageContext(clips: []) { _ in [] } }

/// Steps of a stage; the loss before each.
@discardableResult private func train(
  _ method: SelfSupervised, stage: Int, steps: Int, on batch: Batch = batch()
) -> [Float] {
  let adam = Adam(method.trained(in: stage).namedParameters)
  let mode = training()
  return (1...steps).map { step in
    let loss = method.loss(batch, mode)
    adam.step(gradients(of: loss.total), learningRate: 0.01)
    method.stepEnded(step)
    return loss.total.item
  }
}

@Suite struct SelfSupervisedTests {
  @Test func cosineLossIsTwoMinusTwoCosines() {
    let x = Tensor([1, 0, 0, 2, -3, 0], [3, 2])
    #expect(abs(x.cosineLoss(to: x * 5).item) < 1e-6)
    #expect(abs(x.cosineLoss(to: Tensor([0, 1, 1, 0, 0, 1], [3, 2])).item - 2) < 1e-6)
    #expect(abs(x.cosineLoss(to: -x).item - 4) < 1e-6)
    let (own, other) = (Parameter(Tensor([1, 2], [1, 2])), Parameter(Tensor([2, 1], [1, 2])))
    let slopes = gradients(of: own.tensor.cosineLoss(to: other.tensor))
    #expect(slopes[own] != nil && slopes[other] == nil)
  }

  @Test func spreadTellsEqualEmbeddingsFromOthers() {
    #expect(Tensor(repeating: 2, [6, 4]).spread < 1e-3)
    var generator = Generator(seed: 2)
    let all = (0..<64 * 16).map { _ in Float(generator.normal()) }
    #expect(abs(Tensor(all, [64, 16]).spread - 1) < 0.05)
    let near = all.map { $0 * 0.01 + 1 }
    #expect(Tensor(near, [64, 16]).spread < 0.05)
  }

  /// Views differ, have the moments of their batch, and depend on the clips before.
  @Test func viewsAreOtherPicturesOfTheSameLevel() throws {
    let input = batch().input * 2 + 1
    func views(after others: [Tensor] = []) -> (Tensor, Tensor) {
      var augmentation = ViewAugmentation()
      for other in others {
        _ = augmentation.views(of: other, training(9))
      }
      return augmentation.views(of: input, training(4))
    }
    let (first, second) = views()
    #expect(first.values == views().0.values && first.values != second.values)
    #expect(first.shape == input.shape && first.values != input.values)
    func deviation(_ x: Tensor) -> Float {
      let mean = x.mean().item
      return x.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(x.count)
    }
    #expect(abs(first.mean().item - input.mean().item) < 1e-3)
    #expect(abs(deviation(first) - deviation(input)) < 1e-2)
    let loud = views(after: [batch(seed: 2).input + 4]).0
    #expect(loud.values != views(after: [batch(seed: 2).input]).0.values)
  }

  @Test func pastClipsAreLimitedAndRestored() throws {
    var augmentation = ViewAugmentation()
    let mode = training(4)
    for seed in 1...40 { _ = augmentation.views(of: batch(seed: seed).input, mode) }
    #expect(augmentation.memory["past"]?.count == ViewAugmentation.capacity * 30)
    var restored = ViewAugmentation()
    try restored.restore(augmentation.memory)
    let next = batch(seed: 41).input
    // A forecast looks at a clip in evaluation mode: the run does not notice.
    _ = augmentation.views(of: next, .evaluation())
    let oldest = augmentation.memory["oldest"]?.item
    #expect(oldest == restored.memory["oldest"]?.item && oldest != 0)
    #expect(
      augmentation.views(of: next, training(6)).0.values
        == restored.views(of: next, training(6)).0.values)
    #expect(throws: StateError.self) { try restored.restore([:]) }
  }

  /// The first update keeps half of the target network: min(1 − 1/2, 0.99).
  @Test func targetNetworkIsAMovingAverage() throws {
    let method = try make()
    let name = "fc1.weight"
    let before = try #require(method.memory["target.backbone.\(name)"]).values
    #expect(before == method.model.state[name]?.values)
    train(method, stage: 0, steps: 1)
    let online = try #require(method.model.state[name]).values
    let target = try #require(method.memory["target.backbone.\(name)"]).values
    #expect(online != before)
    for (own, (old, new)) in zip(target, zip(before, online)) {
      #expect(abs(own - (old + new) / 2) < 1e-6)
    }
  }

  @Test func firstStageIsNeitherScoredNorLabelled() throws {
    let method = try make()
    #expect(method.scored(in: 0).isEmpty && method.scored(in: 1).map(\.name) == ["student"])
    let loss = method.loss(batch(), training())
    #expect(loss.probabilities == nil && loss.terms.map(\.name) == ["views"])
    #expect(loss.terms[0].denominator == clips && loss.terms[0].counted == nil)
    #expect(loss.measures["embedding/spread"].map { $0 > 0 } == true)
    #expect(method.loss(batch(clips: 1), training()).isEmpty)
    #expect(SelfSupervised.usesUnlabelledClips)
  }

  @Test func useDecidesOnTheStages() throws {
    func settings(_ use: String, _ epochs: Int = 0) throws -> Settings {
      try Settings(
        ["use": .choice(use), "pretrainEpochs": .integer(epochs)], of: SelfSupervised.card)
    }
    #expect(SelfSupervised.stages(try settings("none")) == ["pretrain"])
    #expect(!SelfSupervised.learnsLabels(try settings("none")))
    for use in ["fine-tune", "probe"] {
      #expect(SelfSupervised.stages(try settings(use)) == ["pretrain", "student"])
      #expect(SelfSupervised.learnsLabels(try settings(use)))
    }
    let epochs = try [0, 1].map { SelfSupervised.epochs(try settings("probe", 7), in: $0, of: 3) }
    #expect(epochs == [7, 3])
    #expect(SelfSupervised.epochs(try settings("probe"), in: 0, of: 3) == 3)
  }

  @Test(arguments: [("fine-tune", true), ("probe", false)])
  func onlyFineTuningChangesTheBody(use: String, changes: Bool) throws {
    let method = try make(["use": .choice(use)])
    train(method, stage: 0, steps: 5)
    _ = try method.stageEnded(0, context)
    let before = method.model.state
    let losses = train(method, stage: 1, steps: 40)
    #expect(losses[39] < losses[0] / 2, "\(losses[0]) to \(losses[39])")
    let moved = method.model.state.filter { before[$0.key]?.values != $0.value.values }.keys
    #expect(moved.contains { $0.contains("fc1") || $0.contains("bn.") } == changes)
    #expect(moved.contains { $0.hasPrefix(use == "probe" ? "output." : "fc2.") })
    #expect(method.memory.isEmpty)
  }

  @Test func collapseIsAWarning() throws {
    let method = try make { random in
      let model = ToyClassifier(inputs: 30, classes: classes, random: random)
      model.bn.weight.value = .zeros([64])
      model.bn.bias.value = Tensor(repeating: 1, [64])
      return model
    }
    #expect(method.warning == nil, "before the first step")
    _ = method.loss(batch(), training())
    #expect(method.warning?.contains("collapsed") == true)
    let healthy = try make()
    _ = healthy.loss(batch(), training())
    #expect(healthy.warning == nil)
  }

  @Test func inputsWithoutASpectrogramAreRefused() {
    let error = #expect(throws: SettingsError.self) { try make(input: [6, 5]) }
    #expect(error?.description.contains("no spectrogram") == true)
  }
}

@Suite struct MaskedPatchTests {
  private func transformer(_ random: RandomSource) throws -> any Classifier {
    ASTModel(
      classes: classes, size: ASTModel.Size(width: 16, heads: 2, depth: 1),
      input: InputSize(bands: 36, frames: 46), random: random)
  }

  /// Clips of one value each: what is hidden can be told from what is not.
  private var levels: Batch {
    let values = (0..<clips).flatMap { [Float](repeating: Float($0) / 4 - 1, count: 36 * 46) }
    var batch = batch()
    batch.input = Tensor(values, [clips, 1, 36, 46])
    return batch
  }

  private func make(_ masked: Double = 0.5) throws -> SelfSupervised {
    try MethodsTests.make(["masked": .real(masked)], input: [1, 36, 46], transformer)
  }

  /// Nothing but the hidden values is counted: a decoder that predicts 0 has their mean square.
  @Test func hiddenValuesAreReconstructed() throws {
    let method = try make()
    #expect(method.loss(levels, training()).terms.map(\.name) == ["patches"])
    let losses = train(method, stage: 0, steps: 60, on: levels)
    let untrained = levels.input.squared().mean().item
    #expect(losses[0] > untrained / 2)
    #expect(losses[59] < untrained / 4, "\(losses[0]) to \(losses[59])")
    #expect(method.warning == nil, "hidden patches cannot be guessed from a constant")
  }

  /// The class token learns although the classifier is not trained.
  @Test func gradientsReachTheTokensOfTheEmbedding() throws {
    let method = try make()
    let slopes = gradients(of: method.loss(levels, training()).total)
    let token = method.model.namedParameters.first { $0.name.hasSuffix("cls_token") }?.parameter
    let values = try slopes[#require(token)]?.values ?? []
    #expect(values.contains { $0 != 0 })
  }

  @Test func viewsCanBeChosenForPatches() throws {
    let method = try MethodsTests.make(
      ["objective": .choice("views")], input: [1, 36, 46], transformer)
    #expect(method.loss(levels, training()).terms.map(\.name) == ["views"])
  }
}
