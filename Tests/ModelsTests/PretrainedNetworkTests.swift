// Pre-trained networks against their own implementations, on weights made up by a formula.
import Acoustics
import Autograd
import Formats
import Foundation
import Layers
import Models
import TestSupport
import Testing

/// Numbers that script/golden/extractors.py wrote.
private func golden(_ name: String) throws -> [Double] {
  let file = SharedData.packageRoot.appendingPathComponent("Tests/Golden/Extractors/\(name).npy")
  return try NPY.read(file).values.map(Double.init)
}

private func noise(_ seconds: Double, rate: Int) -> Waveform {
  let count = Int(seconds * Double(rate))
  return Waveform(samples: Seeded.uniform(7, count).map { $0 * 0.3 }, sampleRate: rate)
}

/// VGGish's weights under torchvggish's names, in the order of its state dict.
private let vggishTable: WeightTable = {
  var tensors: [String: Tensor] = [:]
  var stream = 1
  for (name, shape) in VGGishNetwork.convolutionShapes + VGGishNetwork.denseShapes {
    let fanIn = shape.dropFirst().reduce(1, *)
    tensors["\(name).weight"] = Seeded.fill(stream, shape, fanIn: fanIn)
    tensors["\(name).bias"] = Seeded.fill(stream + 1, [shape[0]], fanIn: 600)
    stream += 2
  }
  return WeightTable(file: "vggish.pth", tensors)
}()

private let pcaTable = WeightTable(
  file: "pca.pth",
  [
    "pca_eigen_vectors": Seeded.fill(31, [128, 128], fanIn: 3000),
    "pca_means": Seeded.fill(32, [128], fanIn: 6),
  ])

@Suite struct VGGishTests {
  @Test func agreesWithTorchVGGish() throws {
    #expect(vggishTable.count == 72_141_184)
    let network = try VGGishNetwork(vggishTable)
    let patches = Tensor(
      Seeded.uniform(30, 2 * 96 * 64).map { 2 * $0 - 1 }, [2, 96, 64])
    let raw = network(patches)
    #expect(raw.shape == [2, 128])
    let error = relativeDistance(raw.values, try golden("vggish-raw"))
    #expect(error < 1e-5)
    let whitened = try golden("vggish-whitened")
    for rounding in [VGGishPostprocessor.Rounding.nearest, .down] {
      let post = try VGGishPostprocessor(pcaTable, rounding: rounding)(raw).values
      let rule: FloatingPointRoundingRule = rounding == .nearest ? .toNearestOrEven : .down
      // A value within rounding of a threshold may fall on either side.
      let wrong = zip(post, whitened).filter { ours, exact in
        ![exact - 1e-3, exact + 1e-3].contains { Float($0.rounded(rule)) == ours }
      }
      #expect(wrong.isEmpty && post.contains { $0 > 0 && $0 < 255 })
    }
  }

  @Test func tenSecondsAreTenSegments() throws {
    let sound = noise(10, rate: 16_000)
    let raw = try VGGish(network: vggishTable, pca: nil, layer: "raw")
    let spectrogram = try raw.makeWorker()(sound)
    #expect(spectrogram.bands == 128 && spectrogram.frames == 10 && raw.workers == 1)
    let short = try raw.makeWorker()(noise(0.3, rate: 8000))
    #expect(short.frames == 1)
    #expect(throws: AudioError.self) {
      try raw.makeWorker()(Waveform(samples: [], sampleRate: 16_000))
    }
    // A segment does not depend on those beside it.
    let patch = try FrontEnd.vggish(sound).frames(2 * 96..<3 * 96)
    let alone = try VGGishNetwork(vggishTable)(Segments.patches(patch, 0..<1, length: 96))
    expectClose((0..<128).map { spectrogram[$0, 2] }, alone.values, relative: 1e-4, absolute: 1e-4)
  }

  @Test func openMICLayerIgnoresLoudness() throws {
    let openMIC = try VGGish(network: vggishTable, pca: pcaTable, layer: "openmic")
    let plain = try VGGish(network: vggishTable, pca: pcaTable, layer: "embedding")
    #expect(openMIC.key != plain.key)
    let sound = noise(1, rate: 16_000)
    var quiet = sound
    quiet.samples = sound.samples.map { $0 / 4 }
    let (loud, soft) = (try openMIC.makeWorker()(sound), try openMIC.makeWorker()(quiet))
    let same = loud == soft
    #expect(same && loud.values.allSatisfy { $0 >= 0 && $0 <= 255 && $0 == $0.rounded() })
    let differs = try plain.makeWorker()(sound) != plain.makeWorker()(quiet)
    #expect(differs)
  }

  @Test func wrongWeightsAreReported() throws {
    func message(_ change: (inout [String: Tensor]) -> Void) -> String? {
      var tensors = vggishTable.tensors
      change(&tensors)
      return #expect(throws: Problem.self) {
        try VGGishNetwork(WeightTable(file: "a.pth", tensors))
      }?.description
    }
    #expect(
      message { $0["features.3.weight"] = nil }
        == "a.pth: there is no 'features.3.weight'; expected one of shape [128, 64, 3, 3]")
    #expect(
      message { $0["embeddings.4.bias"] = .zeros([127]) }
        == "a.pth: 'embeddings.4.bias' has shape [127]; expected [128]")
    #expect(
      message { $0["head.weight"] = .zeros([1]) }
        == "a.pth: 'head.weight' belongs to no layer; expected another network's weights")
    #expect(throws: Problem.self) {
      try VGGishPostprocessor(WeightTable(file: "b", [:]), rounding: .down)
    }
  }
}

/// OpenL3's weights in the order of Keras' layers; numbering starts anywhere in published files.
private func openL3Table(first: Int = 1) -> WeightTable {
  var tensors: [String: Tensor] = [:]
  var stream = 100
  func add(_ layer: String, _ kind: String, _ shape: [Int], fanIn: Int, offset: Float = 0) {
    tensors["\(layer)/\(layer)/\(kind):0"] = Seeded.fill(
      stream, shape, fanIn: fanIn, offset: offset)
    stream += 1
  }
  func norm(_ number: Int, _ channels: Int) {
    let layer = "batch_normalization_\(number)"
    add(layer, "gamma", [channels], fanIn: 60, offset: 1)
    add(layer, "beta", [channels], fanIn: 600)
    add(layer, "moving_mean", [channels], fanIn: 600)
    add(layer, "moving_variance", [channels], fanIn: 60, offset: 1)
  }
  let channels = OpenL3Network.channels
  norm(first, 1)
  for index in 0..<8 {
    let layer = index == 7 ? "audio_embedding_layer" : "conv2d_\(first + index)"
    let shape = [3, 3, channels[index], channels[index + 1]]
    add(layer, "kernel", shape, fanIn: 9 * channels[index])
    add(layer, "bias", [channels[index + 1]], fanIn: 600)
    if index < 7 { norm(first + index + 1, channels[index + 1]) }
  }
  return WeightTable(file: "openl3.h5", tensors)
}

@Suite struct OpenL3Tests {
  @Test(arguments: [("mel256", 256, 199, 90), ("mel128", 128, 199, 91), ("linear", 257, 197, 92)])
  func agreesWithKeras(_ input: String, _ bands: Int, _ frames: Int, _ stream: Int) throws {
    let network = try OpenL3Network(openL3Table())
    let spectrogram = Tensor(
      Seeded.uniform(stream, bands * frames).map { 40 * $0 - 40 }, [1, bands, frames])
    let map = network(spectrogram)
    for layer in OpenL3.Layer.all where layer.input.rawValue == input {
      let pooled = map.maxPool2d(layer.pool)
      #expect(pooled.count == layer.dimension)
      let error = relativeDistance(pooled.values, try golden("openl3-\(input)-\(layer.dimension)"))
      #expect(error < 1e-5, "\(layer.name)")
    }
  }

  /// Scale and shift of the normalizations count; the running statistics, 2 · (1 + 2·64 + 2·128 +
  /// 2·256 + 512), are not trained.
  @Test func hasTheStatedSize() {
    let tensors = openL3Table().tensors
    let trained = tensors.filter { !$0.key.contains("moving") }.map(\.value.count)
    #expect(trained.reduce(0, +) == 4_687_042)
    #expect(openL3Table().count == 4_687_042 + 2 * 1409)
  }

  @Test func layersAreOrderedByNumber() throws {
    let spectrogram = Tensor(Seeded.uniform(91, 128 * 199), [1, 128, 199])
    let one = try OpenL3Network(openL3Table(first: 1))(spectrogram).values
    let nine = try OpenL3Network(openL3Table(first: 9))(spectrogram).values
    let same = one == nine
    #expect(same)
    var fewer = openL3Table().tensors
    for kind in ["kernel", "bias"] { fewer["conv2d_3/conv2d_3/\(kind):0"] = nil }
    let error = #expect(throws: Problem.self) {
      try OpenL3Network(WeightTable(file: "x.h5", fewer))
    }
    #expect(
      error?.description == "x.h5: 7 convolutions and 8 batch normalizations; expected 8 of each, "
        + "as OpenL3's audio networks have")
  }

  @Test func segmentsAreCentered() throws {
    #expect(OpenL3.seconds(480_000, hop: 48_000) == 11)
    #expect(OpenL3.seconds(480_000, hop: 4800) == 96)
    #expect(OpenL3.seconds(1, hop: 48_000) == 1)
    #expect(OpenL3.seconds(24_000, hop: 48_000) == 1 && OpenL3.seconds(24_001, hop: 48_000) == 2)
    let layer = try #require(OpenL3.Layer.all.first { $0.name == "linear-env-512" })
    let extractor = try OpenL3(openL3Table(), layer: layer)
    let spectrogram = try extractor.makeWorker()(noise(1, rate: 48_000))
    #expect(spectrogram.bands == 512 && spectrogram.frames == 2)
    #expect(throws: Problem.self) {
      try OpenL3(openL3Table(), layer: layer, hopSeconds: .nan)
    }
  }
}

/// A transformer of two blocks, 128 wide, with its values by formula.
private func smallAST() -> WeightTable {
  let network = AudioSpectrogramTransformer(
    classes: 527, width: 128, heads: 2, depth: 2, random: RandomSource(Generator(seed: 1)))
  var tensors: [String: Tensor] = [:]
  for (index, (name, tensor)) in network.state.sorted(by: { $0.key < $1.key }).enumerated() {
    let (stream, shape) = (200 + index, tensor.shape)
    tensors[name] =
      if name.contains("layernorm"), name.hasSuffix("weight") {
        Seeded.fill(stream, shape, fanIn: 60, offset: 1)
      } else if name.hasSuffix("bias") {
        Seeded.fill(stream, shape, fanIn: 600)
      } else {
        Seeded.fill(stream, shape, fanIn: shape.count == 2 ? 2 * shape[1] : 256)
      }
  }
  return WeightTable(file: "model.safetensors", tensors)
}

@Suite struct ASTExtractorTests {
  @Test func agreesWithTransformers() throws {
    let network = AudioSpectrogramTransformer(
      classes: 527, width: 128, heads: 2, depth: 2, random: RandomSource(Generator(seed: 1)))
    try network.restore(smallAST().tensors)
    let input = Tensor(Seeded.uniform(199, 1024 * 128), [1, 1024, 128])
    let prediction = network(input, .evaluation())
    let embedding = relativeDistance(
      prediction.embedding.values, try golden("ast-small-embedding"))
    let probabilities = relativeDistance(
      prediction.probabilities.values, try golden("ast-small-probabilities"))
    #expect(embedding < 1e-5 && probabilities < 1e-5, "\(embedding), \(probabilities)")
  }

  @Test func inputIsNormalizedFilterBanks() throws {
    let sound = noise(2, rate: 16_000)
    let extractor = try ASTExtractor(smallAST(), layer: "probabilities")
    let ours = try extractor.makeWorker()(sound)
    #expect(ours.bands == 527 && ours.frames == 1)
    let network = AudioSpectrogramTransformer(
      classes: 527, width: 128, heads: 2, depth: 2, random: RandomSource(Generator(seed: 1)))
    try network.restore(smallAST().tensors)
    let input = Segments.patches(try FrontEnd.ast(sound), 0..<1, length: 1024)
    expectClose(
      ours.values, network(input, .evaluation()).probabilities.values, absolute: 1e-5)
    let long = try ASTExtractor(smallAST(), layer: "embedding").makeWorker()(
      noise(10.3, rate: 16_000))
    #expect(long.bands == 128 && long.frames == 2)
  }

  @Test func otherCheckpointsAreErrors() {
    let error = #expect(throws: Problem.self) {
      try ASTExtractor(WeightTable(file: "m", ["x": .zeros([1])]), layer: "embedding")
    }
    #expect(
      error?.description
        == "m: no transformer that is known, only others such as 'x'; expected the tensors of"
        + " ASTForAudioClassification, such as"
        + " 'audio_spectrogram_transformer.embeddings.cls_token'")
    // What a training program wraps around a network shows in every name.
    for wrapper in ["module.", "model.", "state_dict."] {
      let wrapped = Dictionary(
        uniqueKeysWithValues: smallAST().tensors.map { (wrapper + $0.key, $0.value) })
      let error = #expect(throws: Problem.self) {
        try ASTExtractor(WeightTable(file: "m", wrapped), layer: "embedding")
      }
      let found = "'\(wrapper)audio_spectrogram_transformer.embeddings.cls_token'"
      #expect(error?.message.contains("such as \(found); expected") == true)
      let other = #expect(throws: Problem.self) {
        try PublishedTransformer.size(of: WeightTable(file: "m", wrapped))
      }
      #expect(other?.message.contains(found) == true)
    }
    var fewer = smallAST().tensors
    fewer["audio_spectrogram_transformer.layernorm.bias"] = nil
    #expect(throws: Problem.self) {
      try ASTExtractor(WeightTable(file: "m", fewer), layer: "embedding").makeWorker()
    }
  }
}
