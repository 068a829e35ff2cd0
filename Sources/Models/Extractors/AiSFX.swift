// aiSFX as an extractor: embeddings of 2.3 s of sound effects each.
import Acoustics
import Autograd
import Formats
import Foundation

/// A convolutional network trained to name the categories of nine libraries of sound effects.
/// Blocks of 100 frames (2.3 s) every 50 frames; an incomplete last block is left out, and silence
/// fills a clip shorter than one block, as in the authors' package.
public struct AiSFX: Extractor {
  /// Id, layers, paper, licence and files.
  public static let card = ExtractorCard(
    id: "aisfx", title: "aiSFX",
    summary: "512 numbers every 1.2 s by a CNN, trained on libraries of sound effects",
    paper: "Ma & Lerch 2022, Proc. ISMIR",
    licence: "CC BY 4.0", layers: [("embedding", 512)],
    files: ["\(names[0]) of github.com/alisonbma/aiSFX, src/aisfx/models (or named \(names[1]))"])

  private static let names = ["checkpoint.pth", "aisfx_checkpoint.pth"]
  private static let version = 1
  /// Frames of a block, and between two blocks.
  private static let (frames, hop) = (100, 50)
  private static let batch = 4

  private let network: AiSFXNetwork
  public let key: String
  public let workers: Int? = 1

  public init(weights folder: URL, layer: String?) throws {
    let layer = try Self.card.layer(layer)
    let weights = try WeightFolder(folder, Self.card).read(Self.names)
    network = try AiSFXNetwork(weights)
    key = Digest.hex("aisfx \(Self.version) \(layer) \(weights.digest)".utf8)
  }

  public func makeWorker() throws -> (Waveform) throws -> Spectrogram {
    { sound in
      let spectrogram = try Self.spectrogram(sound.resampled(to: Self.sampleRate).samples)
      let count = 1 + max(0, spectrogram.frames - Self.frames) / Self.hop
      return Segments.embed(count, batch: Self.batch) { range in
        Segments.patches(spectrogram, range, length: Self.frames, hop: Self.hop)
      } network: {
        network($0)
      }
    }
  }

  private static let sampleRate = 44_100
  /// The largest value of the log-mels that the network was trained on.
  private static let largest: Float = 9.457798957824707
  private static let stft = STFT(nFFT: 2048, hopLength: 1024, padding: .zero)
  private static let bank = MelFilterbank(
    scale: .htk, norm: .sum, sampleRate: sampleRate, nFFT: 2048, bands: 96, fMin: 0, fMax: 22_050)

  /// [96, T] of samples at 44.1 kHz: the sound at peak 1, power in 96 HTK bands, each filter of sum
  /// 1, log10(1 + 10,000 x) divided by the largest value in training.
  package static func spectrogram(_ samples: [Float]) throws -> Spectrogram {
    guard !samples.isEmpty else {
      throw AudioError(file: "", reason: "0 samples; expected at least 1")
    }
    let peak = samples.reduce(0) { max($0, abs($1)) }
    let power = stft.power(peak > 0 ? samples.map { $0 / peak } : samples)
    var bands = bank(power)
    for index in bands.values.indices {
      bands.values[index] = log10(1 + 10_000 * bands.values[index]) / largest
    }
    return bands
  }
}

/// Four blocks of two 3×3 convolutions, each with batch normalisation and ReLU, and max-pooling
/// after the first three; the mean over frequency, then the maximum over time.
/// 4,686,144 parameters without the heads for the libraries.
package struct AiSFXNetwork: Sendable {
  private let layers: [Layer]

  private struct Layer: Sendable {
    let weight, gamma, beta, mean, variance: Tensor
    let pool: Extent?
  }

  private static let channels = [64, 128, 256, 512]
  private static let epsilon: Float = 1e-5

  /// Throws `Problem` if the table holds another network.
  package init(_ table: WeightTable) throws {
    var layers: [Layer] = []
    var inputs = 1
    for (index, outputs) in Self.channels.enumerated() {
      let block = "0.embedding_net.conv_block\(index + 1)"
      for part in 1...2 {
        func moment(_ name: String) throws -> Tensor {
          try table.take("\(block).bn\(part).\(name)", [outputs])
        }
        layers.append(
          Layer(
            weight: try table.take("\(block).conv\(part).weight", [outputs, inputs, 3, 3]),
            gamma: try moment("weight"), beta: try moment("bias"),
            mean: try moment("running_mean"), variance: try moment("running_var"),
            pool: part == 2 && index < 3 ? Extent(2) : nil))
        inputs = outputs
      }
    }
    self.layers = layers
  }

  /// Blocks [B, 100, 96] → embeddings [B, 512].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    let image = x.reshape([x.shape[0], x.shape[1], x.shape[2], 1])
    let maps = layers.reduce(image) { x, layer in
      x.conv2d(layer.weight, padding: Extent(1)).batchNorm(
        layer.gamma, layer.beta, mean: layer.mean, variance: layer.variance,
        epsilon: Self.epsilon, Epilogue(relu: true, pool: layer.pool))
    }
    return maps.mean([2]).max(1)  // [B, 12, 12, 512] → [B, 12, 512] → [B, 512]
  }
}
