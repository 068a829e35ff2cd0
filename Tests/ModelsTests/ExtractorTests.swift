// Published networks against the numbers of their own frameworks.
import Acoustics
import Autograd
import Formats
import Foundation
import Models
import TestSupport
import Testing
import WeightImport

private let clips = ["vibe_ace", "lets_go_fishin", "orchestra"]

private func golden(_ name: String) throws -> (shape: [Int], values: [Float]) {
  try NPY.read(SharedData.data("golden/\(name).npy"))
}

@Suite(.enabled(if: SharedData.isPresent, "no shared data beside the checkout"))
struct ExtractorTests {
  private static let musicnn = SharedData.data("weights/musicnn_keras")
  private static let edgel3 = SharedData.data("weights/edgel3")

  /// [D, T] as [T, D].
  private func rows(_ spectrogram: Spectrogram) -> [Float] {
    (0..<spectrogram.frames).flatMap { frame in
      (0..<spectrogram.bands).map { spectrogram[$0, frame] }
    }
  }

  /// From the sound on, front end included.
  @Test(arguments: clips, ["MTT", "MSD"])
  func musicnnTagsAndFeatures(_ clip: String, _ data: String) throws {
    let sound = try AudioFile.read(SharedData.data("golden/\(clip)_16k.wav"))
    for (layer, name, relative, absolute) in [
      ("tags", "prob", 0, 1e-3), ("dense200", "dense200", 1e-3, 1e-3),
    ] as [(String, String, Float, Float)] {
      let extractor = try MusiCNN(
        weights: Self.musicnn, layer: "\(data.lowercased())-\(layer)")
      let result = try extractor.makeWorker()(sound)
      let expected = try golden("\(clip)_\(data)_musicnn_\(name)")
      #expect(expected.shape == [result.frames, result.bands])
      expectClose(rows(result), expected.values, relative: relative, absolute: absolute)
    }
  }

  /// From the framework's own log-mel on: what is left is the network's arithmetic.
  @Test(arguments: clips)
  func musicnnOnTheSameInput(_ clip: String) throws {
    let input = try golden("\(clip)_musicnn_logmel96")  // [T, 96]
    let frames = input.shape[0]
    let values = (0..<96).flatMap { band in (0..<frames).map { input.values[$0 * 96 + band] } }
    let logMel = Spectrogram(bands: 96, frames: frames, values: values)
    for data in ["MTT", "MSD"] {
      let tags = try MusiCNN(weights: Self.musicnn, layer: "\(data.lowercased())-tags")(logMel)
      expectClose(rows(tags), try golden("\(clip)_\(data)_musicnn_prob").values, absolute: 1e-4)
      let dense = try MusiCNN(weights: Self.musicnn, layer: "\(data.lowercased())-dense200")(logMel)
      expectClose(
        rows(dense), try golden("\(clip)_\(data)_musicnn_dense200").values, relative: 1e-4,
        absolute: 1e-4)
      let vgg = try MusiCNN(weights: Self.musicnn, layer: "\(data.lowercased())-vgg-tags")(logMel)
      let logits = try golden("\(clip)_\(data)_vgg_logit").values
      expectClose(rows(vgg), logits.map { 1 / (1 + exp(-$0)) }, absolute: 1e-4)
    }
  }

  @Test func edgel3Network() throws {
    let input = try golden("sea64_input_mel_db")
    let url = Self.edgel3.appendingPathComponent("edgel3_sea_ust_audio_emb_64.h5.gz")
    let network = try EdgeL3Network(WeightFile(url))
    let output = network(Tensor(input.values, [1, 64, 50, 1]))
    expectClose(output.values, try golden("sea64_output").values, relative: 1e-5, absolute: 1e-4)
  }

  /// The file carries the first layer's kernels (windowed cosines and sines) and its mel filters:
  /// computing with them must give what `EdgeL3.logMel` does.
  @Test func edgel3FrontEndMatchesItsFile() throws {
    let url = Self.edgel3.appendingPathComponent("edgel3_sea_ust_audio_emb_64.h5.gz")
    let file = try WeightFile(url)
    let cosines = try file.values("melspectrogram_1/real_kernels:0", shape: [1024, 1, 1, 513])
    let sines = try file.values("melspectrogram_1/imag_kernels:0", shape: [1024, 1, 1, 513])
    let mels = try file.values("melspectrogram_1/Variable:0", shape: [513, 64])
    let sound = (0..<8000).map { index in
      let t = Float(index) / 8000
      return 0.4 * sin(2 * .pi * (300 + 900 * t) * t) + 0.01 * sin(2 * .pi * 2900 * t)
    }
    // "same": 50 frames need 864 samples more than there are, half of them before.
    let padded = Tensor(sound, [1, 8000]).pad(1, before: 432, after: 432).values
    let frames = Tensor(
      (0..<50).flatMap { padded[160 * $0..<160 * $0 + 1024] }, [50, 1024])
    let real = frames.matmul(Tensor(cosines, [1024, 513]))
    let imaginary = frames.matmul(Tensor(sines, [1024, 513]))
    let bands = (real * real + imaginary * imaginary).matmul(Tensor(mels, [513, 64])).values
    let decibels = bands.map { 10 * log10(max($0.squareRoot(), 1e-10)) }
    let peak = decibels.max() ?? 0
    let expected = decibels.map { max($0 - peak, -80) }  // [50, 64]
    let result = try EdgeL3.logMel(sound)
    let size = [result.bands, result.frames]
    #expect(size == [64, 50])
    // Sums in float32 blur what lies 60 dB below the peak; as amplitudes that is nothing.
    expectClose(rows(result), expected, absolute: 0.1)
    func amplitudes(_ decibels: [Float]) -> [Float] { decibels.map { pow(10, $0 / 10) } }
    expectClose(amplitudes(rows(result)), amplitudes(expected), relative: 1e-4, absolute: 1e-7)
  }

  @Test func segmentsCoverTheSound() throws {
    let edgel3 = try EdgeL3(weights: Self.edgel3, layer: nil)
    for (samples, segments) in [(1, 1), (4000, 1), (4001, 2), (80_000, 96)] {
      let sound = (0..<samples).map { sin(Float($0) * 0.3) }
      let result = try edgel3.makeWorker()(Waveform(samples: sound, sampleRate: 8000))
      let size = [result.bands, result.frames]
      #expect(size == [64, segments], "\(samples) samples")
      #expect(result.values.allSatisfy { $0.isFinite })
    }
    let musicnn = try MusiCNN(weights: Self.musicnn, layer: nil)
    for (seconds, segments) in [(0.5, 1), (3, 1), (6.1, 2), (30, 10)] {
      let sound = (0..<Int(seconds * 16_000)).map { sin(Float($0) * 0.3) }
      let result = try musicnn.makeWorker()(Waveform(samples: sound, sampleRate: 16_000))
      let size = [result.bands, result.frames]
      #expect(size == [200, segments], "\(seconds) s")
    }
  }

  @Test func keysDependOnLayersAndWeights() throws {
    let keys = try ["mtt-dense200", "mtt-tags", "msd-tags", "mtt-vgg-tags"].map {
      try MusiCNN(weights: Self.musicnn, layer: $0).key
    }
    #expect(Set(keys).count == 4)
    #expect(Set(keys.map(\.count)) == [16])
    #expect(try MusiCNN(weights: Self.musicnn, layer: nil).key == keys[0])
  }

  @Test func wrongFilesAndLayersAreErrors() throws {
    var error = #expect(throws: Problem.self) {
      try MusiCNN(weights: Self.musicnn, layer: "dense")
    }
    #expect(error?.message.hasPrefix("no layer 'dense'; expected one of mtt-dense200, ") == true)
    error = #expect(throws: Problem.self) { try MusiCNN(weights: Self.edgel3, layer: nil) }
    #expect(error?.place.hasSuffix("MTT_musicnn.h5") == true)
    let url = Self.musicnn.appendingPathComponent("MTT_vgg.h5")
    error = #expect(throws: Problem.self) { try EdgeL3Network(WeightFile(url)) }
    #expect(error?.message.hasPrefix("no tensor 'batch_normalization_1/gamma:0'") == true)
  }
}
