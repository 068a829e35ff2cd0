// Models: sizes, names, shapes of any input, and a whole forward pass by hand.
import Acoustics
import Autograd
import Foundation
import Layers
import Models
import TestSupport
import Testing

private func source(_ seed: Int) -> RandomSource { RandomSource(Generator(seed: seed)) }

@Suite struct CNNTests {
  @Test func sizeAndNames() {
    let model = CNN(classes: 20, random: source(1))
    #expect(model.trainableCount == 99_972)
    let names = Set(model.namedParameters.map(\.name))
    for index in 1...4 {
      #expect(names.isSuperset(of: ["conv\(index).weight", "bn\(index).running_var"]))
    }
    #expect(names.isSuperset(of: ["fc.weight", "fc.bias"]) && names.count == 4 + 16 + 2)
    #expect(model.state["conv3.weight"]?.shape == [64, 32, 3, 3])
  }

  @Test(arguments: [[64, 47], [64, 3], [40, 1], [96, 320], [1, 1]])
  func anySize(_ size: [Int]) {
    let model = CNN(classes: 3, width: 4, random: source(1))
    let x = Sample.normal([2, 1, size[0], size[1]])
    let prediction = model(x, .training(source(2)))
    #expect(prediction.probabilities.shape == [2, 3])
    #expect(prediction.embedding.shape == [2, 32])
    let loss = prediction.binaryCrossEntropy(
      .zeros([2, 3]), observed: Tensor(repeating: 1, [2, 3]))
    #expect(loss.item.isFinite && loss.item > 0)
    let slopes = gradients(of: loss)
    #expect(
      model.namedParameters.allSatisfy { !$0.parameter.isTrainable || slopes[$0.parameter] != nil })
  }

  @Test func evaluationIsRepeatableAndPerClip() {
    let model = CNN(classes: 3, width: 4, random: source(1))
    let x = Sample.normal([5, 1, 20, 17])
    let all = model(x, .evaluation()).probabilities.values
    #expect(all == model(x, .evaluation()).probabilities.values)
    let third = model(x.slice(0, 2..<3), .evaluation()).probabilities
    #expect(distance(third, Array(all[6..<9])) < 1e-6)
  }
}

@Suite struct AttentionTests {
  @Test func sizes() {
    let openMIC = AttentionPooling(classes: 20, features: 128, layers: 3, random: source(1))
    #expect(openMIC.trainableCount == 55_336)
    let sonyc = AttentionPooling(classes: 23, features: 512, layers: 1, random: source(1))
    #expect(sonyc.trainableCount == 287_790)
    let names = openMIC.namedParameters.map(\.name)
    #expect(
      names.contains("emb.conv1x1.2.weight") && names.contains("emb.batchnorm.3.running_mean"))
    #expect(names.contains("attention.att.bias") && names.contains("attention.cla.weight"))
    #expect(openMIC.state["attention.att.bias"]?.values.allSatisfy { $0 == 0 } == true)
  }

  /// No layers, one feature, one class: everything can be written down.
  @Test func attentionMatchesHandComputedValues() throws {
    let model = AttentionPooling(classes: 1, features: 1, layers: 0, random: source(1))
    var state = model.state
    for (name, value) in [
      ("attention.att.weight", Float(0.5)), ("attention.cla.weight", -1),
    ] { state[name] = Tensor([value], [1, 1, 1, 1]) }
    try model.restore(state)
    let prediction = model(Tensor([1, -2, 0], [1, 3, 1]), .evaluation())
    // h = x + x / √(1 + ε); a = σ(h / 2), c = σ(−h).
    let h = [1.0, -2, 0].map { $0 + $0 / (1 + 1e-5).squareRoot() }
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    let a = h.map { sigmoid($0 / 2) }
    let expected = zip(a, h).map { $0 * sigmoid(-$1) }.reduce(0, +) / a.reduce(0, +)
    #expect(abs(Double(prediction.probabilities.item) - expected) < 1e-6)
    #expect(abs(Double(prediction.embedding.item) - h.reduce(0, +) / 3) < 1e-6)
  }

  @Test func contributionsSumToThePrediction() {
    let model: any TimedClassifier = AttentionPooling(
      classes: 4, features: 6, layers: 2, random: source(1))
    let x = Sample.normal([3, 9, 6])
    let parts = model.contributions(x)
    #expect(parts.shape == [3, 9, 4])
    let answer = model(x, .evaluation()).probabilities
    #expect(distance(parts.sum([1]), answer.values) < 1e-6)
    #expect(parts.values.allSatisfy { $0 >= 0 })
  }

  @Test func spectrogramFramesAreTheSequence() {
    let model = AttentionPooling(classes: 4, features: 6, random: source(1))
    let spectrogram = Sample.normal([3, 1, 6, 9])
    let sequence = spectrogram.reshape([3, 6, 9]).transpose([0, 2, 1])
    let one = model(spectrogram, .evaluation()).probabilities
    #expect(one.shape == [3, 4])
    #expect(one.values == model(sequence, .evaluation()).probabilities.values)
    let backwards = model(
      Tensor(Array(sequence.slice(0, 0..<1).values.chunked(6).reversed().joined()), [1, 9, 6]),
      .evaluation()
    ).probabilities
    #expect(distance(backwards, Array(one.values[0..<4])) < 1e-6)
  }
}

@Suite struct HarmonicCNNTests {
  @Test func sizesAndNames() {
    let tagger = HarmonicCNN(classes: 50, random: source(1))
    #expect(tagger.trainableCount == 3_631_550)
    let sounds = HarmonicCNN(classes: 17, pools: .dcase, random: source(1))
    #expect(sounds.trainableCount == 3_623_069)
    let names = Set(tagger.namedParameters.map(\.name))
    #expect(
      names.isSuperset(of: [
        "hconv_bn.weight", "conv_2d.res1.conv.weight", "conv_2d.res2.conv_1.weight",
        "conv_2d.res7.bn_2.running_var", "conv_2d.fc_1.weight", "conv_2d.bn.bias",
        "conv_2d.fc_2.bias",
      ]))
  }

  @Test(arguments: [(HarmonicCNN.Pools.magnaTagATune, 313), (.dcase, 313), (.dcase, 188)])
  func shapes(_ pools: HarmonicCNN.Pools, _ frames: Int) {
    let model = HarmonicCNN(classes: 3, width: 4, pools: pools, random: source(1))
    let prediction = model(Sample.normal([2, 128, frames, 6]), .training(source(2)))
    #expect(prediction.probabilities.shape == [2, 3] && prediction.embedding.shape == [2, 8])
    let loss = prediction.binaryCrossEntropy(
      .zeros([2, 3]), observed: Tensor(repeating: 1, [2, 3]))
    let slopes = gradients(of: loss)
    #expect(
      model.namedParameters.allSatisfy { !$0.parameter.isTrainable || slopes[$0.parameter] != nil })
  }
}

@Suite struct UNetTests {
  @Test func sizeAndNames() {
    let model = UNet(random: source(1))
    #expect(model.trainableCount == 1285)
    let names = Set(model.namedParameters.map(\.name))
    #expect(names.isSuperset(of: ["unet_1.0.weight", "unet_3.1.bias", "unet_6.1.running_var"]))
    #expect(names.count == 6 * 5)
  }

  @Test func outputsKeepTheShape() {
    let model = UNet(random: source(1))
    let input = Parameter(Sample.normal([2, 24, 16, 1]))
    let output = model(input.tensor, .training(source(2)))
    #expect(output.shape == [2, 24, 16, 1] && output.values.allSatisfy { $0 >= 0 })
    let slopes = gradients(of: output.sum())
    #expect(slopes[input]?.shape == input.value.shape)
    #expect(
      model.namedParameters.allSatisfy { !$0.parameter.isTrainable || slopes[$0.parameter] != nil })
  }
}

extension Array {
  fileprivate func chunked(_ size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}

@Suite struct Catalog {
  private let size = InputSize(bands: 64, frames: 47)

  @Test func idsAndDefaults() throws {
    #expect(
      ModelCatalog.all.map { $0.card.id }
        == ["cnn", "attention", "harmonic-cnn", "classic", "ast", "pretrained", "unet"])
    for blueprint in ModelCatalog.all {
      guard case .frontEnd(let frontEnd, _) = blueprint.input(Settings()) else {
        Issue.record("\(blueprint.card.id) is fed embeddings by default")
        continue
      }
      let bands = frontEnd.transform.bands
      // The transformer by default has 86 million weights.
      let small: [String: SettingValue] =
        blueprint.card.id == "ast" ? ["width": .integer(24), "layers": .integer(1)] : [:]
      let frames = try blueprint.segmentation(Settings()).map {
        try frontEnd.frames(ofSeconds: $0.seconds)
      }
      let size = InputSize(bands: bands, frames: frames ?? 47)
      let model = try blueprint.make(
        classes: 5, input: size, settings: Settings(small, of: blueprint.card),
        random: source(1))
      let x = Sample.normal([2] + size.shape(isSequence: false))
      #expect(model(x, .evaluation()).probabilities.shape == [2, 5])
      #expect(ModelCatalog.find(blueprint.card.id)?.card == blueprint.card)
    }
    #expect(ModelCatalog.find("transformer") == nil)
  }

  @Test func invalidSettingsAreReported() {
    #expect(throws: SettingsError.self) { try Settings(["widht": .integer(3)], of: CNN.card) }
    #expect(throws: SettingsError.self) { try Settings(["dropout": .real(1)], of: CNN.card) }
  }

  @Test func sameSeedSameModel() throws {
    for blueprint in ModelCatalog.all {
      let isLarge = blueprint.card.id == "harmonic-cnn"
      let size = isLarge ? InputSize(bands: 257, frames: 300) : size
      let state = try (0..<2).map { _ in
        try blueprint.make(
          classes: 5, input: size, settings: Settings(), random: source(4)
        ).state
      }
      #expect(state[0].allSatisfy { $0.value.values == state[1][$0.key]?.values })
    }
  }
}
