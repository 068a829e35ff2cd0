// Methods that learn from pre-trained features: their numbers by hand, and what is left behind.
import Acoustics
import Autograd
import Datasets
import Foundation
import Layers
import Methods
import Testing

@Suite struct InformedTests {
  private let clips = 6

  private func batch() -> Batch {
    var generator = Generator(seed: 4)
    let input = (0..<clips * 30).map { _ in Float(generator.normal()) }
    let targets = (0..<clips * 4).map { _ in Float(generator.index(below: 2)) }
    return Batch(
      clips: (0..<clips).map { "\($0)" }, input: Tensor(input, [clips, 1, 5, 6]),
      targets: Tensor(targets, [clips, 4]), observed: Tensor(repeating: 1, [clips, 4]),
      embeddings: ToyFeatures.embeddings(clips: clips, seed: 4))
  }

  private func make<M: Methods.Method>(
    _ type: M.Type, _ settings: [String: SettingValue] = [:],
    augmentation: Augmentation = .none
  ) throws -> M {
    let random = RandomSource(Generator(seed: 3))
    return try M(
      MethodSetup(
        makeModel: { ToyClassifier(inputs: 30, classes: 4, random: random) }, classes: 4,
        input: [1, 5, 6], embeddings: ToyFeatures.sizes, settings: Settings(settings, of: M.card),
        augmentation: augmentation, plannedSteps: 60, random: random))
  }

  private var exact: Mode { .evaluation() }

  // MARK: arithmetic in plain double

  private func rows(_ tensor: Tensor) -> [[Double]] {
    let width = tensor.shape[1]
    return (0..<tensor.shape[0]).map { row in
      tensor.values[row * width..<(row + 1) * width].map(Double.init)
    }
  }

  private func mapped(_ x: [[Double]], _ name: String, _ memory: [String: Tensor]) throws
    -> [[Double]]
  {
    let weight = rows(try #require(memory["\(name).weight"]))
    let bias = try #require(memory["\(name).bias"]).values.map(Double.init)
    return x.map { row in
      zip(weight, bias).map { w, b in zip(w, row).reduce(b) { $0 + $1.0 * $1.1 } }
    }
  }

  private func cosine(_ a: [Double], _ b: [Double]) -> Double {
    func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    return dot(a, b) / (dot(a, a).squareRoot() * dot(b, b).squareRoot())
  }

  /// −mean ln softmax of each row at its own place.
  private func misses(_ scores: [[Double]]) -> Double {
    let parts = scores.enumerated().map { i, row in
      log(row.map(exp).reduce(0, +)) - row[i]
    }
    return parts.reduce(0, +) / Double(parts.count)
  }

  // MARK: Con-Reg

  @Test func contrastiveVariantIsSymmetricInfoNCE() throws {
    let method = try make(ConReg.self, ["temperature": .real(0.5), "projection": .integer(3)])
    let term = method.loss(batch(), exact).terms[1]
    let own = rows(method.model(batch().input, exact).embedding)
    let memory = method.memory
    let z = try mapped(own, "embedding.0", memory)
    let u = try mapped(rows(try #require(batch().embeddings["vggish"])), "features.0", memory)
    #expect(z[0].count == 3)
    let scores = z.map { z in u.map { cosine(z, $0) / 0.5 } }
    let across = u.map { u in z.map { cosine(u, $0) / 0.5 } }
    let expected = (misses(scores) + misses(across)) / 2
    #expect(abs(Double(term.value.item) - expected) < 1e-5)
    #expect(term.name == "con" && term.weight == 0.1 && term.denominator == clips)
  }

  @Test func cosineVariantProjectsToTheFeatures() throws {
    let method = try make(ConReg.self, ["variant": .choice("cosine"), "weight": .real(2)])
    let term = method.loss(batch(), exact).terms[1]
    let memory = method.memory
    #expect(memory.keys.sorted() == ["embedding.0.bias", "embedding.0.weight"])
    let own = try mapped(
      rows(method.model(batch().input, exact).embedding), "embedding.0", memory)
    let theirs = rows(try #require(batch().embeddings["vggish"]))
    let expected = zip(own, theirs).map { 1 - cosine($0, $1) }.reduce(0, +) / Double(clips)
    #expect(abs(Double(term.value.item) - expected) < 1e-5)
    #expect(term.weight == 2)
  }

  @Test func projectionsAreTrainedButNotSaved() throws {
    let method = try make(ConReg.self)
    let trained = Set(method.trained(in: 0).namedParameters.map(\.name))
    let own = Set(method.model.namedParameters.map(\.name))
    #expect(trained.subtracting(own).count == 4 && trained.isSuperset(of: own))
    let slopes = gradients(of: method.loss(batch(), exact.recording).total)
    #expect(
      method.trained(in: 0).namedParameters
        .allSatisfy { !$0.parameter.isTrainable || slopes[$0.parameter] != nil })
    let other = try make(ConReg.self)
    try other.restore(
      method.memory.mapValues { $0 * 2 }, stage: 0, context: StageContext(clips: []) { _ in [] })
    #expect(
      other.memory["embedding.0.weight"]?.values != method.memory["embedding.0.weight"]?.values)
    #expect(throws: StateError.self) {
      try other.restore([:], stage: 0, context: StageContext(clips: []) { _ in [] })
    }
  }

  @Test func twoExtractorsShareTheWeight() throws {
    let both: [String: SettingValue] = ["second": .choice("openl3"), "weight": .real(3)]
    for (method, prefix) in [
      (try make(ConReg.self, both) as any Methods.Method, "con"),
      (try make(DisReg.self, both), "dis"),
    ] {
      let terms = method.loss(batch(), exact).terms
      #expect(terms.map(\.name) == ["cls", "\(prefix)-vggish", "\(prefix)-openl3"])
      #expect(terms.dropFirst().allSatisfy { $0.weight == 1.5 && $0.value.item > 0 })
    }
    let twice = try make(ConReg.self, ["second": .choice("vggish")])
    #expect(twice.loss(batch(), exact).terms.count == 2)
  }

  // MARK: Dis-Reg

  @Test func disRegIsTheMeanDifferenceOfCosines() throws {
    let method = try make(DisReg.self, ["measure": .choice("cosine")])
    let term = method.loss(batch(), exact).terms[1]
    let own = rows(method.model(batch().input, exact).embedding)
    let theirs = rows(try #require(batch().embeddings["vggish"]))
    var sum = 0.0
    for i in 0..<clips {
      for j in 0..<clips { sum += abs(cosine(own[i], own[j]) - cosine(theirs[i], theirs[j])) }
    }
    #expect(abs(Double(term.value.item) - sum / Double(clips * clips)) < 1e-5)
    #expect(term.denominator == clips * clips && method.memory.isEmpty)
  }

  @Test func correlationLossIsZeroForEqualDistances() throws {
    let method = try make(DisReg.self)
    var batch = batch()
    let first = method.loss(batch, exact).terms[1].value.item
    batch.embeddings["vggish"] = method.model(batch.input, exact).embedding.detached * 3
    #expect(first > 0.05)
    #expect(abs(method.loss(batch, exact).terms[1].value.item) < 1e-3)
  }

  @Test func distancesCompareAllPairs() throws {
    let reports = try make(DisReg.self, ["second": .choice("openl3")]).distances(batch())
    #expect(reports.map(\.extractor) == ["vggish", "openl3"])
    #expect(reports[0].ours == reports[1].ours && reports[0].theirs != reports[1].theirs)
    let theirs = rows(try #require(batch().embeddings["vggish"]))
    for i in 0..<clips {
      for j in 0..<clips {
        let expected = 1 - cosine(theirs[i], theirs[j])
        #expect(abs(Double(reports[0].theirs[i * clips + j]) - expected) < 1e-5)
      }
    }
    #expect(try make(Transfer.self).distances(batch()).isEmpty)
  }

  @Test func layersAreSeparateFeatureSources() throws {
    let values: [String: SettingValue] = [
      "extractor": .choice("openl3"), "layer": .choice("mel256-env-512"),
      "second": .choice("openl3"), "secondLayer": .choice("default"),
    ]
    let settings = try Settings(values, of: Transfer.card)
    let sources = ["openl3:mel256-env-512", "openl3"]
    #expect(Transfer.input(.frontEnd(.band), settings) == .pooled(sources))
    #expect(
      try Concat.input(.frontEnd(.band), Settings(values, of: Concat.card)).companions == sources)
    #expect(try ConReg.extractors(Settings(values, of: ConReg.card)) == sources)
    var same = values
    same["secondLayer"] = .choice("mel256-env-512")
    #expect(try DisReg.extractors(Settings(same, of: DisReg.card)) == [sources[0]])
  }

  // MARK: baselines

  @Test func transferTrainsAHeadOnPooledFeatures() throws {
    #expect(Transfer.input(.frontEnd(.band), Settings()) == .pooled(["vggish"]))
    #expect(
      try Transfer.input(
        .frontEnd(.band), Settings(["second": .choice("edgel3")], of: Transfer.card))
        == .pooled(["vggish", "edgel3"]))
    #expect(Transfer.extractors(Settings()).isEmpty)
    let network = try make(Transfer.self).model
    // 30 → 256 with bias, γ and β, 256 → 4 with bias.
    #expect(network.trainableCount == 30 * 256 + 256 + 512 + 256 * 4 + 4)
    #expect(Set(network.namedParameters.map(\.name)).isSuperset(of: ["fc_1.weight", "bn.bias"]))
    let linear = try make(Transfer.self, ["head": .choice("linear")]).model
    #expect(linear.trainableCount == 30 * 4 + 4)
  }

  @Test func concatTrainsTheModelUpToItsEmbedding() throws {
    let method = try make(Concat.self, ["second": .choice("openl3")])
    let names = Set(method.model.namedParameters.map(\.name))
    #expect(names.contains("base.fc1.weight") && names.contains("base.bn.running_mean"))
    #expect(!names.contains("base.fc2.weight"), "the model's own classifier is left out")
    // The model's embedding, then 6 and 5 values of the extractors.
    let own = try #require(method.model.state["base.bn.weight"]?.count)
    #expect(method.model.state["head.fc_1.weight"]?.shape == [256, own + 11])
    let ids = try Settings(["second": .choice("openl3")], of: Concat.card)
    let joined = ToyFeatures.scored(batch(), by: Concat.self, ids)
    #expect(joined.shape == [clips, 41])
    let scored = method.model(joined, exact).probabilities.values
    #expect(method.loss(batch(), exact).probabilities?.values == scored)
    var other = batch()
    other.embeddings["openl3"] = .zeros([clips, 5])
    #expect(method.loss(other, exact).probabilities?.values != scored)
  }

  @Test func mixupMixesFeatures() {
    let mixed = Augmentation(mixup: 0.4).mix(batch(), .training(RandomSource(Generator(seed: 1))))
    #expect(mixed.embeddings["vggish"]?.shape == [clips, 6])
    #expect(mixed.embeddings["vggish"]?.values != batch().embeddings["vggish"]?.values)
    #expect(
      Augmentation.none.mix(batch(), exact).embeddings["openl3"]?.values
        == batch().embeddings["openl3"]?.values)
  }

  @Test func missingFeaturesAreAClearError() {
    let random = RandomSource(Generator(seed: 3))
    let setup = MethodSetup(
      makeModel: { ToyClassifier(inputs: 30, classes: 4, random: random) }, classes: 4,
      input: [1, 5, 6], plannedSteps: 60, random: random)
    for type in [ConReg.self, DisReg.self, Concat.self] as [any Methods.Method.Type] {
      let error = #expect(throws: SettingsError.self) { try type.init(setup) }
      #expect(
        error?.description.contains("method.extractor: there are no features of vggish") == true)
    }
  }
}

extension Mode {
  /// Evaluation with gradients.
  fileprivate var recording: Mode { Mode(training: false, random: random, records: true) }
}
