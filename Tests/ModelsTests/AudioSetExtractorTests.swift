// mn04, YAMNet and aiSFX against the numbers of their own frameworks.
import Acoustics
import Autograd
import Formats
import Foundation
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

/// [D, T] as [T, D].
private func rows(_ spectrogram: Spectrogram) -> [Float] {
  (0..<spectrogram.frames).flatMap { frame in
    (0..<spectrogram.bands).map { spectrogram[$0, frame] }
  }
}

private func tone(_ count: Int, _ rate: Int) -> Waveform {
  Waveform(samples: (0..<count).map { 0.3 * sin(Float($0) * 0.2) }, sampleRate: rate)
}

@Suite(.enabled(if: SharedData.isPresent, "no shared data beside the checkout"))
struct EfficientATTests {
  private static let folder = SharedData.data("weights/mn04")

  private func network() throws -> EfficientATNetwork {
    try EfficientATNetwork(
      WeightFolder(Self.folder, EfficientAT.card).read(["mn04_as_mAP_432.pt"]))
  }

  @Test func frontEnd() throws {
    let input = try EfficientAT.input(golden("mn04/golden_rooster_wave32k"))
    #expect(input.shape == [1, 128, 300, 1])
    expectClose(input.values, try golden("mn04/golden_rooster_mel128"), absolute: 2e-4)
  }

  @Test func featuresLogitsAndGradient() throws {
    let mel = Parameter(Tensor(try golden("mn04/golden_rooster_mel128"), [1, 128, 300, 1]))
    let (embedding, logits) = try network()(mel.tensor)
    let features = error(embedding.values, try golden("mn04/golden_rooster_features384"))
    let outputs = error(logits.values, try golden("mn04/golden_rooster_logits527"))
    let gradient = gradients(of: logits.slice(1, 98..<99).sum())[mel]
    let back = error(
      gradient?.values ?? [], try golden("mn04/golden_rooster_grad_logit98_wrt_mel"))
    print("mn04: features \(features), logits \(outputs), gradient \(back)")
    #expect(features < 1e-4 && outputs < 1e-4 && back < 1e-3)
  }

  /// From the sound on.
  @Test func extractor() throws {
    let sound = Waveform(samples: try golden("mn04/golden_rooster_wave32k"), sampleRate: 32_000)
    let features = try EfficientAT(weights: Self.folder, layer: nil).makeWorker()(sound)
    #expect(error(features.values, try golden("mn04/golden_rooster_features384")) < 1e-4)
    let tags = try EfficientAT(weights: Self.folder, layer: "probabilities").makeWorker()(sound)
    let logits = try golden("mn04/golden_rooster_logits527")
    expectClose(tags.values, logits.map { 1 / (1 + exp(-$0)) }, absolute: 1e-4)
  }

  @Test func segmentsCoverTheSound() throws {
    let embed = try EfficientAT(weights: Self.folder, layer: nil).makeWorker()
    for (seconds, segments) in [(0.001, 1), (0.5, 1), (10, 1), (10.1, 2), (25, 3)] {
      let result = try embed(tone(Int(seconds * 32_000), 32_000))
      let size = [result.bands, result.frames]
      #expect(size == [384, segments], "\(seconds) s")
      #expect(result.values.allSatisfy { $0.isFinite })
    }
    #expect(try embed(tone(1, 32_000)).frames == 1)
    #expect(throws: AudioError.self) { try embed(tone(0, 32_000)) }
  }

  @Test func otherFilesAreOneError() throws {
    let problem = #expect(throws: Problem.self) {
      try EfficientATNetwork(WeightTable(file: "x.pt", ["a": Tensor(1)]))
    }
    #expect(
      problem?.description
        == "x.pt: there is no 'features.0.0.weight'; expected one of shape [8, 1, 3, 3]")
  }
}

@Suite(.enabled(if: SharedData.isPresent, "no shared data beside the checkout"))
struct YAMNetTests {
  private static let folder = SharedData.data("weights/yamnet")

  private func sound() throws -> Waveform {
    try AudioFile.read(SharedData.data("weights/yamnet/golden_dog_16k.wav"))
  }

  @Test func frontEnd() throws {
    let patches = try YAMNet.patches(sound().samples, 0..<6)
    #expect(patches.shape == [6, 96, 64])
    let whole = try golden("yamnet/golden_dog_logmel64")  // [336, 64]
    for patch in 0..<6 {
      let start = patch * 48 * 64
      expectClose(
        patches.slice(0, patch..<patch + 1).values, Array(whole[start..<start + 96 * 64]),
        absolute: 2e-4)
    }
    #expect(try YAMNet.patches(sound().samples, 2..<5).values == patches.slice(0, 2..<5).values)
  }

  @Test func featuresAndLogits() throws {
    let table = try WeightFolder(Self.folder, YAMNet.card).read(["yamnet_f32.safetensors"])
    let whole = try golden("yamnet/golden_dog_logmel64")
    let patches = Tensor(
      (0..<6).flatMap { whole[$0 * 48 * 64..<($0 * 48 + 96) * 64] }, [6, 96, 64])
    // As Keras names the same tensors.
    let renamed = Dictionary(
      uniqueKeysWithValues: table.tensors.map { name, tensor in
        let path = name.split(separator: ".").joined(separator: "/")
        return ("group/\(path)/\(path):0", tensor)
      })
    for names in [table, WeightTable(file: "yamnet.h5", renamed)] {
      let (embedding, logits) = try YAMNetNetwork(names)(patches)
      let features = error(embedding.values, try golden("yamnet/golden_dog_embedding1024"))
      let outputs = error(logits.values, try golden("yamnet/golden_dog_logits521"))
      print("yamnet: features \(features), logits \(outputs)")
      #expect(features < 1e-4 && outputs < 1e-4)
    }
  }

  /// Of the logit of Dog, with float64 as the reference (script/golden/input_gradients.py).
  @Test func gradient() throws {
    let network = try YAMNetNetwork(
      WeightFolder(Self.folder, YAMNet.card).read(["yamnet_f32.safetensors"]))
    let whole = try golden("yamnet/golden_dog_logmel64")
    let patch = Parameter(Tensor(Array(whole[..<(96 * 64)]), [1, 96, 64]))
    let logit = network(patch.tensor).logits.slice(1, 69..<70).sum()
    let back = error(
      gradients(of: logit)[patch]?.values ?? [], try inputGradient("yamnet-gradient-logit69"))
    print("yamnet: gradient \(back)")
    #expect(back < 1e-3)
  }

  @Test func extractor() throws {
    let features = try YAMNet(weights: Self.folder, layer: nil).makeWorker()(sound())
    #expect(error(rows(features), try golden("yamnet/golden_dog_embedding1024")) < 1e-4)
    let tags = try YAMNet(weights: Self.folder, layer: "probabilities").makeWorker()
    let logits = try golden("yamnet/golden_dog_logits521")
    expectClose(rows(try tags(sound())), logits.map { 1 / (1 + exp(-$0)) }, absolute: 1e-3)
    for (samples, segments) in [(1, 1), (15_600, 1), (15_601, 2), (160_000, 20)] {
      #expect(try tags(tone(samples, 16_000)).frames == segments, "\(samples) samples")
    }
  }
}

@Suite(.enabled(if: SharedData.isPresent, "no shared data beside the checkout"))
struct AiSFXTests {
  private static let folder = SharedData.data("weights/aisfx")

  @Test func frontEnd() throws {
    let spectrogram = try AiSFX.spectrogram(golden("aisfx/golden_rooster_wave44k"))
    let size = [spectrogram.bands, spectrogram.frames]
    #expect(size == [96, 130])
    expectClose(rows(spectrogram), try golden("aisfx/golden_rooster_spec96"), absolute: 1e-5)
  }

  @Test func features() throws {
    let expected = try golden("aisfx/golden_rooster_embedding512_frames0-99")
    let sound = Waveform(
      samples: try golden("aisfx/golden_rooster_wave44k"), sampleRate: 44_100)
    let features = try AiSFX(weights: Self.folder, layer: nil).makeWorker()(sound)
    let size = [features.bands, features.frames]
    #expect(size == [512, 1])
    print("aisfx: features \(error(features.values, expected))")
    #expect(error(features.values, expected) < 1e-4)
  }

  /// Of the sum of the embedding, with float64 as the reference (script/golden/input_gradients.py).
  @Test func gradient() throws {
    let network = try AiSFXNetwork(
      WeightFolder(Self.folder, AiSFX.card).read(["aisfx_checkpoint.pth"]))
    let spectrogram = try golden("aisfx/golden_rooster_spec96")
    // Silent frames are equal, and a maximum over equal values has no gradient.
    let values = spectrogram.prefix(100 * 96).enumerated().map {
      $0.element + 0.1 * Float(sin(1.7 * Double($0.offset)))
    }
    let block = Parameter(Tensor(values, [1, 100, 96]))
    let sum = network(block.tensor).sum()
    let back = error(
      gradients(of: sum)[block]?.values ?? [], try inputGradient("aisfx-gradient-sum"))
    print("aisfx: gradient \(back)")
    #expect(back < 1e-3)
  }

  @Test func segmentsCoverTheSound() throws {
    let embed = try AiSFX(weights: Self.folder, layer: nil).makeWorker()
    // 1 + N / 1024 frames.
    for (samples, segments) in [(1, 1), (99 * 1024, 1), (148 * 1024, 1), (149 * 1024, 2)] {
      #expect(try embed(tone(samples, 44_100)).frames == segments, "\(samples) samples")
    }
  }
}
