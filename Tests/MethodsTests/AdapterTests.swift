// Adapters against a computation by hand.
import Acoustics
import Autograd
import Datasets
import Layers
import Methods
import Models
import Testing

/// One feed-forward part with a residual: x + W·x, summed over two positions.
private struct Part: Backbone {
  let output: Linear
  static let head = "head."
  let embeddingWidth = 3
  var origin: WeightOrigin? { WeightOrigin(file: "part", digest: "0f") }
  var sublayerOutputs: NamedParameters { [("output.weight", output.weight)] }

  init() {
    output = Linear(3, 3, random: RandomSource(Generator(seed: 5)))
  }

  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let tokens = input.reshape([input.shape[0], 2, 3])
    let embedding = output(tokens, adding: tokens, mode).sum([1])
    return Prediction(.logits(embedding), embedding: embedding)
  }
}

private func setup(_ makeModel: @escaping () throws -> any Classifier) throws -> MethodSetup {
  MethodSetup(
    makeModel: makeModel, classes: 4,
    settings: try Settings(["bottleneck": .integer(2)], of: Adapters.card), plannedSteps: 10,
    random: RandomSource(Generator(seed: 1)))
}

private var batch: Batch {
  var generator = Generator(seed: 2)
  let input = (0..<48).map { _ in Float(generator.normal()) }
  return Batch(
    clips: (0..<8).map(String.init), input: Tensor(input, [8, 1, 2, 3]),
    targets: Tensor((0..<32).map { Float($0 % 2) }, [8, 4]),
    observed: Tensor(repeating: 1, [8, 4]))
}

private func train(_ method: any Method) {
  let adam = Adam(method.model.namedParameters)
  for _ in 0..<3 {
    let loss = method.loss(batch, .training(RandomSource(Generator(seed: 3))))
    adam.step(gradients(of: loss.total), learningRate: 0.1)
  }
}

@Suite struct AdapterTests {
  @Test func trainingStartsFromTheNetworkAsItIs() throws {
    let part = Part()
    let method = try Adapters(setup { part })
    let embedding = method.model(batch.input, .evaluation()).embedding
    #expect(embedding.values == part(batch.input, .evaluation()).embedding.values)
    // Two layers of 3 × 2 with biases, and the output mapping.
    #expect(method.model.trainableCount == (6 + 2) + (6 + 3) + 6 + 4 * (3 + 1))
  }

  /// x + h + U·gelu(D·h + d) + u with h = W·x + b, at each position.
  @Test func adaptersFollowTheLayerBeforeTheResidual() throws {
    let part = Part()
    let method = try Adapters(setup { part })
    train(method)
    let state = method.model.state
    func weight(_ name: String) throws -> Tensor {
      try #require(state["updates.output.weight.\(name)"])
    }
    let tokens = batch.input.reshape([16, 3])
    let inner = tokens.linear(part.output.weight.value, part.output.bias?.value)
    let middle = inner.linear(try weight("down.weight"), try weight("down.bias")).gelu()
    let outer = inner + middle.linear(try weight("up.weight"), try weight("up.bias")) + tokens
    let expected = outer.reshape([8, 2, 3]).sum([1]).values
    let found = method.model(batch.input, .evaluation()).embedding.values
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(try weight("up.weight").values.contains { $0 != 0 })
  }

  @Test func frozenWeightsStay() throws {
    let part = Part()
    let before = part.state
    let method = try Adapters(setup { part })
    train(method)
    #expect(part.state.allSatisfy { $0.value.values == before[$0.key]?.values })
    let fresh = try Adapters(setup { part })
    try fresh.model.restore(method.model.state)
    #expect(
      fresh.model(batch.input, .evaluation()).logits.values
        == method.model(batch.input, .evaluation()).logits.values)
  }

  @Test func gradientsMatchDifferences() throws {
    let method = try Adapters(setup { Part() })
    train(method)
    func loss() -> Tensor { method.loss(batch, .training(RandomSource(Generator(seed: 3)))).total }
    let slopes = gradients(of: loss())
    for (name, parameter) in method.model.namedParameters where name.hasPrefix("updates.") {
      let before = parameter.value
      func value(_ shift: Float) -> Float {
        var values = before.values
        values[0] += shift
        parameter.value = Tensor(values, before.shape)
        defer { parameter.value = before }
        return loss().item
      }
      let difference = (value(0.01) - value(-0.01)) / 0.02
      #expect(abs((slopes[parameter]?.values[0] ?? .nan) - difference) < 1e-3, "\(name)")
    }
  }

  /// Behind both parts of every block.
  @Test func theTransformerHasTwoAdaptersABlock() throws {
    let ast = ASTModel(
      classes: 4, size: .init(width: 32, heads: 2, depth: 2),
      input: InputSize(bands: 16, frames: 16), random: RandomSource(Generator(seed: 1)))
    #expect(ast.sublayerOutputs.count == 4)
    let method = try Adapters(setup { ast })
    #expect(method.model.trainableCount == 4 * (64 + 2 + 64 + 32) + 64 + 4 * 33)
    let picture = Batch(
      clips: ["a"], input: Tensor((0..<256).map { Float($0 % 7) }, [1, 1, 16, 16]),
      targets: Tensor([1, 0, 1, 0], [1, 4]), observed: Tensor(repeating: 1, [1, 4]))
    let slopes = gradients(
      of: method.loss(picture, .training(RandomSource(Generator(seed: 3)))).total)
    for (name, parameter) in method.model.namedParameters where name.hasSuffix("up.weight") {
      #expect(slopes[parameter]?.values.contains { $0 != 0 } == true, "\(name)")
    }
  }

  @Test func aNetworkWithoutAttentionGetsOneBehindItsEmbedding() throws {
    let random = RandomSource(Generator(seed: 1))
    let toy = ToyClassifier(inputs: 6, classes: 9, width: 12, random: random)
    let method = try Adapters(setup { toy })
    #expect(method.model.trainableCount == (24 + 2) + (24 + 12) + 24 + 4 * 13)
  }
}
