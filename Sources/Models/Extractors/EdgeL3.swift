// EdgeL3 as an extractor: a small look-listen-learn network adapted to city sounds.
import Acoustics
import Autograd
import Formats
import Foundation
import WeightImport

/// The SEA variant of EdgeL3 for SONYC-UST: 64 values for each second of sound at 8 kHz, a tenth of
/// a second apart. As in the authors' package, half a second of silence goes before the sound, so
/// that segment i is centred at i/10 s, and silence behind it fills the last segment.
public struct EdgeL3: Extractor {
  /// Id, title, summary, paper and settings.
  public static let card = ExtractorCard(
    id: "edgel3", title: "EdgeL3",
    summary: "Small audio network adapted to SONYC-UST city sounds; 1 s segments every 0.1 s",
    paper: "Kumari et al. 2019, doi:10.1109/IPDPSW.2019.00145; Srivastava et al. 2020 (SEA)",
    licence: "MIT",
    layers: [("embedding", 64)],
    files: ["\(fileName).gz (or unpacked, \(fileName)) of github.com/ksangeeta2429/edgel3"])

  private static let fileName = "edgel3_sea_ust_audio_emb_64.h5"
  /// Samples at 8 kHz: of a segment, and between two segments.
  private static let (rate, length, hop) = (8000, 8000, 800)
  private static let batch = 32
  private static let version = 1

  private let network: EdgeL3Network
  public let key: String
  public let workers: Int? = 1

  public init(weights folder: URL, layer: String?) throws {
    let name = layer ?? "embedding"
    guard name == "embedding" else {
      throw Problem("edgel3", "no layer '\(name)'; expected embedding")
    }
    let plain = folder.appendingPathComponent(Self.fileName)
    let isPlain = FileManager.default.fileExists(atPath: plain.path)
    let file = try WeightFile(
      isPlain ? plain : folder.appendingPathComponent("\(Self.fileName).gz"))
    network = try EdgeL3Network(file)
    key = Digest.hex(Array("edgel3 \(Self.version) ".utf8) + (try file.fingerprint))
  }

  public func makeWorker() throws -> (Waveform) throws -> Spectrogram {
    { try self($0) }
  }

  private func callAsFunction(_ sound: Waveform) throws -> Spectrogram {
    let samples = sound.resampled(to: Self.rate).samples
    guard !samples.isEmpty else {
      throw AudioError(file: "", reason: "0 samples; expected at least 1")
    }
    let reach = max(0, Self.length / 2 + samples.count - Self.length)
    let segments = 1 + (reach + Self.hop - 1) / Self.hop
    let before = [Float](repeating: 0, count: Self.length / 2)
    let total = Self.length + (segments - 1) * Self.hop
    let after = [Float](repeating: 0, count: max(0, total - before.count - samples.count))
    let padded = before + samples + after
    var rows: [Float] = []
    for first in stride(from: 0, to: segments, by: Self.batch) {
      let group = first..<min(first + Self.batch, segments)
      let spectrograms = try group.flatMap { index in
        try Self.logMel(Array(padded[index * Self.hop..<index * Self.hop + Self.length])).values
      }
      rows +=
        network(Tensor(spectrograms, [group.count, 64, spectrograms.count / group.count / 64, 1]))
        .values
    }
    return Spectrogram(rows: rows, count: segments)
  }

  /// One segment as the network's first layer sees it, [64, 50]: kapre 0.1's Melspectrogram with
  /// `padding` same, `htk`, `norm` 1, `power_spectrogram` 2, `power_melgram` 1 and decibels. So:
  /// silence around the sound for ⌈N / hop⌉ frames (TensorFlow's "same"), power in HTK bands of
  /// Slaney's norm, their root, then 10 log10(max(x, 1e-10)) minus its maximum, at least −80.
  package static func logMel(_ samples: [Float]) throws -> Spectrogram {
    let logMel = LogMel.kapre(sampleRate: rate, nFFT: 1024, hopLength: 160, melBands: 64)
    return try logMel(Waveform(samples: samples, sampleRate: rate))
  }
}

/// Four blocks of two 3×3 convolutions, each followed by batch norm and ReLU, with pooling between
/// them. Input [B, 64, 50, 1] in mel and time.
package struct EdgeL3Network: Sendable {
  private let input: FrozenNormalization
  private let layers: [(FrozenConvolution, FrozenNormalization)]

  private static let channels = [32, 32, 64, 64, 128, 128, 64, 64]

  /// Throws `Problem` when the file holds another network.
  package init(_ file: WeightFile) throws {
    let stored = KerasLayers(file)
    input = try stored.normalization("batch_normalization_1", 1)
    layers = try Self.channels.enumerated().map { index, outputs in
      let name = index == 7 ? "audio_embedding_layer" : "conv2d_\(index + 1)"
      let inputs = index == 0 ? 1 : Self.channels[index - 1]
      return (
        try stored.convolution(name, kernel: Extent(3), inputs, outputs),
        try stored.normalization("batch_normalization_\(index + 2)", outputs)
      )
    }
  }

  /// [B, 64, 50, 1] → [B, 64]
  package func callAsFunction(_ x: Tensor) -> Tensor {
    var x = input(x)
    for (index, (conv, norm)) in layers.enumerated() {
      let pool = index == 7 ? Extent(8, 6) : Extent(2)
      x = norm(conv(x, padding: Extent(1)), relu: true, pool: index % 2 == 1 ? pool : nil)
    }
    return x.reshape([x.shape[0], 64])
  }
}
