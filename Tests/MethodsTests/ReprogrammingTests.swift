// What is trained and what stays, how much of each, and what a checkpoint says of frozen weights.
import Autograd
import Datasets
import Layers
import Methods
import Models
import Testing

private let classes = 20

/// An embedding of 768 values like AST's, from a file if `digest` says so.
private func setup(
  width: Int = 768, classes: Int = classes, digest: String? = nil, seed: Int = 1,
  model: (() throws -> any Classifier)? = nil
) -> MethodSetup {
  let random = RandomSource(Generator(seed: seed))
  return MethodSetup(
    makeModel: model ?? {
      var toy = ToyClassifier(inputs: 256, classes: 527, width: width, random: random)
      toy.origin = digest.map { WeightOrigin(file: "toy", digest: $0) }
      return toy
    }, classes: classes, plannedSteps: 10, random: random,
    makePart: { try Preprocessors.make($0, random: random) })
}

private func batch(_ classes: Int = classes) -> Batch {
  var generator = Generator(seed: 2)
  let input = (0..<4 * 256).map { _ in Float(generator.normal()) }
  let targets = (0..<4 * classes).map { _ in Float(generator.uniform()) }
  return Batch(
    clips: ["a", "b", "c", "d"], input: Tensor(input, [4, 1, 16, 16]),
    targets: Tensor(targets, [4, classes]), observed: Tensor(repeating: 1, [4, classes]))
}

private func training() -> Mode { .training(RandomSource(Generator(seed: 3))) }

@Suite struct ReprogrammingTests {
  /// METHODS, 5.3 and 12.1 of the project's notes; Chen & Lerch 2022 give 0.017 and 0.018 million.
  @Test(arguments: [
    ("reprogram-linear", 16_916), ("reprogram-cnn", 16_936), ("reprogram-unet", 18_201),
    ("cnn-only", 16_936), ("unet-only", 18_201),
  ])
  func parameterCountsMatchThePaper(id: String, count: Int) throws {
    let method = try #require(MethodCatalog.find(id)).init(setup())
    #expect(method.model.trainableCount == count)
  }

  @Test func preprocessorsHave20And1285Parameters() throws {
    let random = RandomSource(Generator(seed: 1))
    #expect(try Preprocessors.make("cnn", random: random).trainableCount == 20)
    #expect(try Preprocessors.make("unet", random: random).trainableCount == 1285)
    #expect(Preprocessors.find("vgg") == nil)
  }

  /// The authors' stand-alone network has a ReLU behind each convolution, that in front of the
  /// transformer has none.
  @Test func onlyStandAloneConvolutionsAreRectified() throws {
    func part(_ id: String) throws -> any Layer {
      try Preprocessors.make(id, random: RandomSource(Generator(seed: 7)))
    }
    let (plain, rectified) = (try part("cnn"), try part("cnn-relu"))
    let picture = batch().input.reshape([4, 16, 16, 1])
    let convolutions = plain.namedParameters.map(\.parameter.value)
    func convolve(_ x: Tensor, _ layer: Int) -> Tensor {
      let (weight, bias) = (convolutions[2 * layer], convolutions[2 * layer + 1])
      return x.conv2d(weight, bias, padding: Extent(1))
    }
    let (mode, first) = (Mode.evaluation(), convolve(picture, 0))
    #expect(plain(picture, mode).values == convolve(first, 1).values)
    #expect(rectified(picture, mode).values == convolve(first.relu(), 1).relu().values)
    #expect(rectified(picture, mode).values != plain(picture, mode).values)
  }

  @Test func cnnOnlyIsRectifiedByDefault() throws {
    func answers(_ settings: [String: SettingValue]) throws -> [Float] {
      var setup = setup()
      setup.settings = try Settings(settings, of: CNNOnly.card)
      return try CNNOnly(setup).model(batch().input, .evaluation()).probabilities.values
    }
    #expect(try answers([:]) == answers(["relu": .flag(true)]))
    #expect(try answers([:]) != answers(["relu": .flag(false)]))
  }

  @Test func parameterCountIncludesFrozenWeights() throws {
    let body = 256 * 768 + 768 + 4 * 768
    for digest in [nil, "0123456789abcdef"] {
      let probe = try ReprogramLinear(setup(digest: digest)).model
      #expect(probe.trainableCount == 16_916)
      #expect(probe.parameterCount == body + 16_916)
    }
    let tuned = try FineTune(setup()).model
    #expect(tuned.trainableCount == 256 * 768 + 768 + 2 * 768 + 16_916)
  }

  @Test(arguments: ["reprogram-cnn", "reprogram-unet"])
  func gradientsPassThroughFrozenLayers(id: String) throws {
    let method = try #require(MethodCatalog.find(id)).init(setup())
    let slopes = gradients(of: method.loss(batch(), training()).total)
    for (name, parameter) in method.model.namedParameters {
      let isOurs = !name.hasPrefix("backbone.") && parameter.isTrainable
      #expect((slopes[parameter] != nil) == isOurs, "\(name)")
      guard let slope = slopes[parameter], name.hasPrefix("input.") else { continue }
      #expect(slope.values.contains { $0 != 0 }, "\(name)")
    }
  }

  @Test func frozenWeightsAndStatisticsDoNotChange() throws {
    let method = try ReprogramUNet(setup(width: 32))
    let before = method.model.state.filter { $0.key.hasPrefix("backbone.") }
    let adam = Adam(method.model.namedParameters)
    for _ in 0..<3 {
      adam.step(gradients(of: method.loss(batch(), training()).total), learningRate: 0.1)
    }
    #expect(before.count == 6)
    for (name, value) in before {
      #expect(method.model.state[name]?.values == value.values, "\(name)")
    }
  }

  @Test func weightsOfAFileAreStoredAsADigest() throws {
    let method = try ReprogramCNN(setup(digest: "00ff00ff00ff00ff"))
    let state = method.model.state
    #expect(state.values.map(\.count).reduce(0, +) == 16_936 + 16)
    #expect(state.keys.filter { $0.hasPrefix("backbone.") } == ["backbone.digest"])

    let again = try ReprogramCNN(setup(digest: "00ff00ff00ff00ff", seed: 9))
    try again.model.restore(state)
    let other = try ReprogramCNN(setup(digest: "00ff00ff00ff00fe"))
    let error = #expect(throws: StateError.self) { try other.model.restore(state) }
    #expect(error == .fixed("backbone.digest"))
    #expect(error?.description.contains("expected the weight file") == true)
  }

  @Test func softTargetsAreUsedUnchanged() throws {
    let method = try ReprogramLinear(setup(width: 128))
    let adam = Adam(method.model.namedParameters)
    for _ in 0..<200 {
      adam.step(gradients(of: method.loss(batch(), training()).total), learningRate: 0.02)
    }
    let answers = method.model(batch().input, .evaluation()).probabilities.values
    let far = zip(answers, batch().targets.values).map { abs($0 - $1) }.max() ?? 1
    #expect(far < 0.05)
  }

  @Test func aModelWithoutEmbeddingIsRefused() throws {
    struct Bare: Classifier {
      func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
        Prediction(.logits(.zeros([input.shape[0], 1])), embedding: .zeros([1, 1]))
      }
    }
    let error = #expect(throws: SettingsError.self) {
      try ReprogramLinear(setup(model: { Bare() }))
    }
    #expect(error?.description.contains("expected another one, such as ast") == true)
    // These two do not ask for a model.
    #expect(throws: Never.self) { try CNNOnly(setup(model: { throw Refusal() })) }
    #expect(throws: Never.self) { try UNetOnly(setup(model: { throw Refusal() })) }
  }
}

private struct Refusal: Error {}
