// LoRA and BitFit: what is trained, and that the rest stays.
import Autograd
import Datasets
import Layers
import Methods
import Testing

private func setup(_ settings: Settings = Settings()) -> (MethodSetup, ToyClassifier) {
  let random = RandomSource(Generator(seed: 1))
  var toy = ToyClassifier(inputs: 30, classes: 9, width: 12, random: random)
  toy.origin = WeightOrigin(file: "toy", digest: "00")
  let network = toy
  return (
    MethodSetup(
      makeModel: { network }, classes: 4, settings: settings, plannedSteps: 10, random: random),
    network
  )
}

private var batch: Batch {
  var generator = Generator(seed: 2)
  let input = (0..<8 * 30).map { _ in Float(generator.normal()) }
  return Batch(
    clips: (0..<8).map(String.init), input: Tensor(input, [8, 30]),
    targets: Tensor((0..<32).map { Float($0 % 2) }, [8, 4]),
    observed: Tensor(repeating: 1, [8, 4]))
}

private func step(_ method: any Method) -> [String: Tensor] {
  let network = method.trained(in: 0)
  let adam = Adam(network.namedParameters)
  for _ in 0..<3 {
    let loss = method.loss(batch, .training(RandomSource(Generator(seed: 3))))
    adam.step(gradients(of: loss.total), learningRate: 0.1)
  }
  return network.state
}

@Suite struct LowRankTests {
  @Test func loraStartsFromTheNetworkAsItIs() throws {
    let (setup, network) = setup()
    let method = try LoRA(setup)
    let mode = Mode.evaluation()
    let embedding = method.model(batch.input, mode).embedding
    #expect(embedding.values == network(batch.input, mode).embedding.values)
  }

  /// r rows and columns for each weight of the body: fc1 is 12 × 30; the head is not used.
  @Test func loraTrainsSmallMatricesOnly() throws {
    let (setup, network) = setup(try Settings(["rank": .integer(2)], of: LoRA.card))
    let method = try LoRA(setup)
    let output = 2 * 12 + 4 * (12 + 1)
    #expect(method.model.trainableCount == 2 * (12 + 30) + output)
    let before = network.state
    let embedding = method.model(batch.input, .evaluation()).embedding.values
    _ = step(method)
    #expect(network.state.allSatisfy { $0.value.values == before[$0.key]?.values })
    #expect(method.model(batch.input, .evaluation()).embedding.values != embedding)
  }

  @Test func loraIsRestored() throws {
    let trained = try LoRA(setup().0), fresh = try LoRA(setup().0)
    _ = step(trained)
    try fresh.model.restore(trained.model.state)
    let mode = Mode.evaluation()
    #expect(
      fresh.model(batch.input, mode).probabilities.values
        == trained.model(batch.input, mode).probabilities.values)
    #expect(!trained.model.state.keys.contains { $0.hasPrefix("backbone.fc1") }, "digest only")
  }

  @Test func bitfitTrainsBiasesOnly() throws {
    let (setup, network) = setup()
    let method = try BitFit(setup)
    let before = network.state
    _ = step(method)
    for (name, parameter) in network.namedParameters where !name.hasPrefix(ToyClassifier.head) {
      let isMoved = parameter.value.values != before[name]?.values
      if name.hasSuffix("bias") { #expect(isMoved, "\(name)") }
      if name.hasSuffix("weight") { #expect(!isMoved, "\(name)") }
    }
  }
}
