import Autograd
import Datasets
import Foundation
import Layers
import Methods
import Testing

/// Answers by the first values of each clip, whatever the mode: pseudo-labels can be told by hand.
private struct Parrot: Classifier {
  let scale = Parameter(Tensor(1))

  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let logits = input * mode.use(scale)
    return Prediction(.logits(logits), embedding: input)
  }
}

@Suite struct PseudoLabelsTests {
  /// Probabilities 0.99, 0.6, 0.01 and again; only the last entry is answered.
  private let batch = Batch(
    clips: ["a", "b"], input: Tensor([4.6, 0.4, -4.6, 4.6, 0.4, -4.6], [2, 3]),
    targets: Tensor([0, 0, 0, 0, 0, 0], [2, 3]), observed: Tensor([0, 0, 0, 0, 0, 1], [2, 3]))

  private func loss(_ type: any Method.Type) throws -> Loss {
    let random = RandomSource(Generator(seed: 1))
    let method = try type.init(
      MethodSetup(makeModel: { Parrot() }, classes: 3, plannedSteps: 1, random: random))
    return method.loss(batch, .training(random))
  }

  @Test(arguments: ["pseudo-label", "fixmatch"])
  func onlyConfidentMissingEntriesCount(id: String) throws {
    let loss = try loss(try #require(MethodCatalog.find(id)))
    let pseudo = try #require(loss.terms.last)
    #expect(pseudo.name == "pseudo" && pseudo.denominator == 3)
    #expect(loss.terms[0].denominator == 1)
    #expect(loss.measures["mask/ratio"] == 0.5)
  }

  @Test func pseudoLabelIsThePredictionItself() throws {
    let pseudo = try #require(try loss(PseudoLabel.self).terms.last)
    // −ln 0.99 for each sure entry.
    #expect(abs(pseudo.value.item - 0.01) < 1e-3)
  }

  @Test func weakAugmentationLabelsTheStrongOne() throws {
    let pseudo = try #require(try loss(FixMatch.self).terms.last)
    // Noise alone changes the harsh look of inputs that are no spectrograms.
    #expect(pseudo.value.item != (try loss(PseudoLabel.self).terms.last?.value.item))
    #expect(abs(pseudo.value.item - 0.01) < 5e-3)
  }

  // MARK: adaptive thresholds

  private func adaptive(_ rule: String) throws -> any Method {
    let random = RandomSource(Generator(seed: 1))
    let clip = Clip(
      id: "a", audio: nil, split: .train, seconds: 1, labels: [1, 0, 0],
      truth: nil)
    return try PseudoLabel(
      MethodSetup(
        makeModel: { Parrot() }, classes: 3,
        settings: Settings(
          ["thresholds": .choice(rule), "momentum": .real(0.5)], of: PseudoLabel.card),
        plannedSteps: 8, stepsPerEpoch: 2, clips: [clip], random: random))
  }

  private func run(_ method: any Method, steps: Range<Int>) -> [Float] {
    let random = RandomSource(Generator(seed: 1))
    return steps.flatMap { step in
      method.loss(batch, .training(random, step: step)).terms[1].counted?.values ?? []
    }
  }

  @Test(arguments: ["class-aware", "freematch", "softmatch"])
  func adaptiveThresholdsResumeWhereTheyWere(rule: String) throws {
    let whole = try adaptive(rule)
    let first = run(whole, steps: 0..<3)
    let (memory, rest) = (whole.memory, run(whole, steps: 3..<8))
    let resumed = try adaptive(rule)
    try resumed.restore(memory, stage: 0, context: StageContext(clips: []) { _ in [] })
    #expect(run(resumed, steps: 3..<8) == rest)
    #expect(first.contains { $0 > 0 } && !memory.isEmpty)
  }

  /// The only score of a class that is always positive is a positive, the others are negatives.
  @Test func classAwareLabelsFollowTheSharesOfPositives() throws {
    let method = try adaptive("class-aware")
    #expect(run(method, steps: 0..<1) == [1, 0, 1, 1, 0, 0], "the thresholds of the first epoch")
    _ = run(method, steps: 1..<2)
    // Class b has no positives, so both its scores are negatives; they count up to the highest.
    #expect(run(method, steps: 2..<3) == [1, 1, 1, 1, 1, 0])
  }

  // MARK: entropy minimization

  private func entropy(_ logit: Double) -> Double {
    let p: Double = 1 / (1 + exp(-logit))
    let q: Double = 1 - p
    return -p * log(p) - q * log(q)
  }

  @Test func theEntropyOfMissingEntriesIsMinimized() throws {
    let random = RandomSource(Generator(seed: 1))
    let method = try EntropyMinimization(
      MethodSetup(makeModel: { Parrot() }, classes: 3, plannedSteps: 1, random: random))
    let loss = method.loss(batch, .training(random))
    #expect(loss.terms.map(\.name) == ["cls", "ent"])
    let term = loss.terms[1]
    // Entries in order; the last one is answered.
    let logits = [4.6, 0.4, -4.6, 4.6, 0.4]
    let expected = logits.map(entropy).reduce(0, +) / 5
    #expect(abs(Double(term.value.item) - expected) < 1e-5)
    #expect(term.denominator == 5 && term.entries == 6)
    // The step against the gradient makes the network surer: dH/ds = −mean of z²·p·(1 − p).
    let slopes: [Double] = logits.map { z in
      let p: Double = 1 / (1 + exp(-z))
      let variance: Double = p * (1 - p)
      return -z * z * variance
    }
    let slope: Double = slopes.reduce(0, +) / 5
    let scale = try #require(method.model.namedParameters.first?.parameter)
    let gradient = try #require(gradients(of: term.value)[scale])
    #expect(abs(Double(gradient.item) - slope) < 1e-5)
  }

  @Test func entropyWeightRampsUp() throws {
    let random = RandomSource(Generator(seed: 1))
    let method = try EntropyMinimization(
      MethodSetup(makeModel: { Parrot() }, classes: 3, plannedSteps: 20, random: random))
    let weights = (0...20).map {
      method.loss(batch, .training(random, step: $0)).terms[1].weight
    }
    #expect(abs(weights[0] - 0.1 * exp(-5)) < 1e-12)
    #expect(abs(weights[5] - 0.1 * exp(-5 * 0.25)) < 1e-12)
    #expect(weights[10...].allSatisfy { $0 == 0.1 })
  }

  @Test func entropyIsZeroWithoutMissingEntries() throws {
    var batch = batch
    batch.observed = Tensor(repeating: 1, [2, 3])
    let random = RandomSource(Generator(seed: 1))
    let method = try EntropyMinimization(
      MethodSetup(makeModel: { Parrot() }, classes: 3, plannedSteps: 1, random: random))
    let term = method.loss(batch, .training(random)).terms[1]
    #expect(term.value.item == 0 && term.denominator == 0)
  }
}
