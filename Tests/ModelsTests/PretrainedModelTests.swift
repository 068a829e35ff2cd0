// The published networks as backbones: the embeddings of their extractors, and gradients for their
// pictures and weights.
import Acoustics
import Autograd
import Formats
import Foundation
import Layers
import Models
import TestSupport
import Testing

private func golden(_ name: String) throws -> [Float] {
  try NPY.read(SharedData.data("weights/\(name).npy")).values
}

private func inputGradient(_ name: String) throws -> [Float] {
  try NPY.read(
    SharedData.packageRoot.appendingPathComponent("Tests/Golden/Extractors/\(name).npy")
  ).values
}

/// ‖a − b‖ / ‖b‖
private func error(_ a: [Float], _ b: [Float]) -> Double {
  relativeDistance(a, b.map(Double.init))
}

private func random() -> RandomSource { RandomSource(Generator(seed: 1)) }

private func model(_ type: any BackboneExtractor.Type, _ folder: String) throws -> PretrainedModel {
  PretrainedModel(
    try type.backbone(weights: SharedData.data("weights/\(folder)")), classes: 3,
    random: random())
}

private func bandNet() throws -> PretrainedModel {
  let folder = try #require(try BandNet.packaged())
  return PretrainedModel(try BandNet.backbone(weights: folder), classes: 3, random: random())
}

/// [T, M] as a picture [1, 1, M, T].
private func picture(_ rows: [Float], bands: Int) -> Tensor {
  Tensor(rows, [rows.count / bands, bands]).transpose([1, 0])
    .reshape([1, 1, bands, rows.count / bands])
}

/// The gradient of `logit` of the network's own classes for the picture.
private func gradient(_ model: PretrainedModel, _ logit: Int, _ picture: Tensor) -> Tensor? {
  let input = Parameter(picture)
  let own = model.sourceLogits(model(input.tensor, .evaluation()).embedding)
  return gradients(of: own.slice(1, logit..<logit + 1).sum())[input]
}

@Suite struct PicturePatchesTests {
  @Test func patchesCoverThePicture() {
    let fixed = PicturePatches.fixed(length: 96, hop: 48)
    #expect(fixed.ranges(96) == [0..<96])
    #expect(fixed.ranges(40) == [0..<96])
    #expect(fixed.ranges(200) == [0..<96, 48..<144, 96..<192, 104..<200])
    let equal = PicturePatches.equal(longest: 1000)
    #expect(equal.ranges(1000) == [0..<1000])
    #expect(equal.ranges(30) == [0..<30])
    #expect(equal.ranges(1001) == [0..<501, 500..<1001])
  }

  @Test func theMeanRunsOverPatchesAndShortPicturesAreRepeated() {
    let patches = PicturePatches.fixed(length: 4, hop: 2)
    let long = Tensor([0, 1, 2, 3, 4, 5, 6], [1, 1, 7])
    let sums = { (x: Tensor) in x.sum([2]) }
    #expect(patches.mean(long, of: sums).values == [Float(6 + 14 + 18) / 3])
    let short = Tensor([1, 2, 3], [1, 1, 3])
    #expect(patches.mean(short, of: { $0.reshape([1, 4]) }).values == [1, 2, 3, 1])
  }
}

@Suite struct PretrainedModelTests {
  @Test func cardAndInput() throws {
    #expect(
      PretrainedModel.card.hyperparameters[0].range
        == .choice(["musicnn", "mn04", "yamnet", "kwt1", "band-net"]))
    let settings = try Settings(["network": .choice("mn04")], of: PretrainedModel.card)
    guard case .frontEnd(let frontEnd, false) = PretrainedModel.input(settings) else {
      Issue.record("not a plain picture")
      return
    }
    #expect(frontEnd.id == "mn04" && frontEnd.transform.bands == 128)
    #expect(try frontEnd.frames(ofSeconds: 5) == 500)
  }

  @Test(arguments: ["yamnet", "kwt1", "musicnn"])
  func thereIsNothingToLeaveOut(id: String) throws {
    let settings = try Settings(
      ["network": .choice(id), "normalize": .flag(false)], of: PretrainedModel.card)
    let error = #expect(throws: SettingsError.self) {
      try PretrainedModel.make(
        classes: 3, input: InputSize(bands: 64, frames: 98), settings: settings, random: random())
    }
    #expect(error?.key == "model.normalize" && error?.expected == "yes")
  }

  @Test func rawPicturesOfMN04AreThoseBeforeTheLastStep() throws {
    let sound = Waveform(samples: Sample.wave([32_000]).values, sampleRate: 32_000)
    let (scaled, raw) = (try LogMel.mn04()(sound), try LogMel.mn04(normalize: false)(sound))
    expectClose(scaled.values, raw.values.map { ($0 + 4.5) / 5 }, absolute: 1e-5)
    #expect(LogMel.mn04().frames(of: 32_000) == scaled.frames)
  }

  /// Through every convolution and batch norm, with dropout off and statistics fixed.
  @Test func bandNetPassesTheGradientToThePicture() throws {
    let model = try bandNet()
    let input = Sample.normal([1, 1, 64, 37])
    let weights = Sample.normal([1, 128], seed: 4)
    expectSlopes(input) { (model($0, .evaluation()).embedding * weights).sum() }
  }

  @Test func bandNetKeepsItsClasses() throws {
    let model = try bandNet()
    #expect(model.sourceClasses == 161 && model.embeddingWidth == 128)
    let prediction = model(Sample.normal([2, 1, 64, 47]), .evaluation())
    #expect(prediction.logits.shape == [2, 3])
    #expect(model.sourceLogits(prediction.embedding).shape == [2, 161])
    #expect(model.origin?.file.hasSuffix("band-net.safetensors") == true)
  }
}

/// The slope of `function` at `input` in a few random directions against central differences. The
/// steps are small, because the function has a kink wherever a ReLU or a maximum changes; the
/// tolerance is relative to the gradient's length, the usual slope.
private func expectSlopes(_ input: Tensor, _ function: (Tensor) -> Tensor) {
  let parameter = Parameter(input)
  guard let gradient = gradients(of: function(parameter.tensor))[parameter] else {
    Issue.record("no gradient")
    return
  }
  let (length, step) = ((gradient * gradient).sum().item.squareRoot(), Float(5e-5))
  for seed in 1...3 {
    let direction = Sample.normal(input.shape, seed: 20 + seed)
    func value(_ shift: Float) -> Float { function(input + direction * shift).item }
    let difference = (value(step) - value(-step)) / (2 * step)
    let found = (gradient * direction).sum().item
    #expect(abs(found - difference) < 0.06 * length, "\(found), \(difference) of \(length)")
  }
}

@Suite(.enabled(if: SharedData.isPresent, "no shared data beside the checkout"))
struct BackboneTests {
  @Test func yamnetGivesTheMeanOfItsExtractor() throws {
    let model = try model(YAMNet.self, "yamnet")
    let whole = try golden("yamnet/golden_dog_logmel64")
    let rows = try golden("yamnet/golden_dog_embedding1024")
    let mean = Tensor(rows, [6, 1024]).mean([0]).values
    let found = model(picture(whole, bands: 64), .evaluation()).embedding
    #expect(error(found.values, mean) < 1e-4)
    let patch = picture(Array(whole[..<(96 * 64)]), bands: 64)
    let slopes = try #require(gradient(model, 69, patch)).reshape([64, 96]).transpose([1, 0])
    let back = error(slopes.values, try inputGradient("yamnet-gradient-logit69"))
    print("yamnet as a backbone: gradient \(back)")
    #expect(back < 1e-3)
  }

  @Test func mn04GivesEmbeddingAndGradientOfItsAuthors() throws {
    let model = try model(EfficientAT.self, "mn04")
    let mel = Tensor(try golden("mn04/golden_rooster_mel128"), [1, 1, 128, 300])
    let prediction = model(mel, .evaluation())
    let features = error(
      prediction.embedding.values, try golden("mn04/golden_rooster_features384"))
    let logits = model.sourceLogits(prediction.embedding)
    #expect(features < 1e-4)
    #expect(error(logits.values, try golden("mn04/golden_rooster_logits527")) < 1e-4)
    let back = error(
      gradient(model, 98, mel)?.values ?? [],
      try golden("mn04/golden_rooster_grad_logit98_wrt_mel"))
    print("mn04 as a backbone: gradient \(back)")
    #expect(back < 1e-3)
  }

  @Test func musicnnPassesTheGradientToThePicture() throws {
    let model = try model(MusiCNN.self, "musicnn_keras")
    let rows = try golden("../golden/orchestra_musicnn_logmel96")
    let input = picture(Array(rows[..<(187 * 96)]), bands: 96)
    let logits = { (x: Tensor) in model.sourceLogits(model(x, .evaluation()).embedding) }
    let tags = try golden("../golden/orchestra_MTT_musicnn_prob").prefix(50)
    expectClose(logits(input).sigmoid().values, Array(tags), absolute: 1e-4)
    let weights = Sample.normal([1, 50], seed: 4)
    expectSlopes(input) { (logits($0) * weights).sum() }
  }

  /// Fine-tuning reaches each weight that is not a statistic, and only those of the body.
  @Test(arguments: [
    ("yamnet", [1, 1, 64, 96]), ("mn04", [1, 1, 128, 64]), ("kwt1", [1, 1, 40, 98]),
  ])
  func everyWeightGetsAGradient(id: String, shape: [Int]) throws {
    let types: [String: any BackboneExtractor.Type] = [
      "yamnet": YAMNet.self, "mn04": EfficientAT.self, "kwt1": KeywordTransformer.self,
    ]
    let model = try model(#require(types[id]), id)
    let loss = model(Sample.normal(shape), .training(random())).logits.sum()
    let slopes = gradients(of: loss)
    for (name, parameter) in model.namedParameters {
      #expect(slopes[parameter] != nil, "\(name)")
    }
    // The slope of one weight against a difference.
    let weight = try #require(model.body.first { $0.name.hasSuffix("bias") }?.parameter)
    let (before, found) = (weight.value, slopes[weight]?.values[0] ?? .nan)
    func value(_ shift: Float) -> Float {
      var values = before.values
      values[0] += shift
      weight.value = Tensor(values, before.shape)
      return model(Sample.normal(shape), .evaluation()).logits.sum().item
    }
    let difference = (value(1e-3) - value(-1e-3)) / 2e-3
    expectClose(found, difference, relative: 0.1, absolute: 1e-3)
  }
}

@Suite(.enabled(if: SharedData.isPresent, "no shared data beside the checkout"))
struct KeywordTransformerTests {
  private static let folder = SharedData.data("weights/kwt1")

  /// [98, 40], with the first coefficient as the orthonormal transform has it.
  private func coefficients() throws -> [Float] {
    try golden("kwt1/golden_dog_mfcc_98x40").enumerated().map { place, value in
      place % 40 == 0 ? value / Float(2).squareRoot() : value
    }
  }

  private func sound() throws -> Waveform {
    Waveform(samples: try golden("kwt1/golden_dog_wave16k"), sampleRate: 16_000)
  }

  @Test func frontEnd() throws {
    let found = try FrontEnd.kwt1(sound())
    let size = [found.bands, found.frames]
    #expect(size == [40, 98])
    let rows = (0..<98).flatMap { frame in (0..<40).map { found[$0, frame] } }
    #expect(error(rows, try coefficients()) < 1e-5)
  }

  @Test func tokensLogitsAndGradient() throws {
    let table = try WeightFolder(Self.folder, KeywordTransformer.card)
      .read(["kwt1_v2_12.safetensors"])
    let network = try KeywordNetwork(table)
    let input = picture(try coefficients(), bands: 40)
    let tokens = network.tokens(input.reshape([1, 40, 98]), .evaluation())
    let inside = error(tokens.values, try golden("kwt1/golden_dog_tokens_99x64"))
    let model = try model(KeywordTransformer.self, "kwt1")
    let logits = model.sourceLogits(model(input, .evaluation()).embedding)
    let outputs = error(logits.values, try golden("kwt1/golden_dog_logits12"))
    let slopes = try #require(gradient(model, 4, input)).reshape([40, 98]).transpose([1, 0])
    let expected = try inputGradient("kwt1-gradient-logit4").enumerated().map { place, value in
      place % 40 == 0 ? value * Float(2).squareRoot() : value
    }
    let back = error(slopes.values, expected)
    print("kwt1: tokens \(inside), logits \(outputs), gradient \(back)")
    #expect(inside < 1e-4 && outputs < 1e-4 && back < 1e-3)
  }

  @Test func extractorGivesTheClassTokenOfEachSecond() throws {
    let embed = try KeywordTransformer(weights: Self.folder, layer: nil).makeWorker()
    let found = try embed(sound())
    let tokens = try golden("kwt1/golden_dog_tokens_99x64")
    #expect(found.bands == 64 && found.frames == 1)
    #expect(error(found.values, Array(tokens[..<64])) < 1e-4)
    for (samples, segments) in [(1, 1), (16_000, 1), (16_001, 2), (160_000, 10)] {
      let tone = Waveform(samples: Sample.wave([samples]).values, sampleRate: 16_000)
      #expect(try embed(tone).frames == segments, "\(samples) samples")
    }
  }

  @Test func otherFilesAreOneError() throws {
    let problem = #expect(throws: Problem.self) {
      try KeywordNetwork(WeightTable(file: "x", ["a": Tensor(1)]))
    }
    #expect(
      problem?.description
        == "x: there is no 'patch_embed.weight'; expected one of shape [64, 40]")
  }
}
