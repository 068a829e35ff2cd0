import Acoustics
import Autograd
import Formats
import Foundation
import Layers

/// The extractor that comes with the program: 128 values for each second of sound, half a second
/// apart. Silence fills the last segment.
///
/// The network is the CNN of the built-in data set's reference. `scant pretrain band-net` trains it
/// to recognise program and key of single rendered notes.
public struct BandNet: Extractor {
  /// Id, layers and files.
  public static let card = ExtractorCard(
    id: "band-net", title: "Band net",
    summary: "Small CNN of our own, trained on single General MIDI notes; 1 s segments every 0.5 s",
    paper: "Documentation/Pretraining.md", licence: "MIT",
    layers: [("embedding", 128)],
    files: ["\(fileName), which `scant pretrain band-net` makes"])

  /// The name of the file of weights.
  public static let fileName = "band-net.safetensors"
  /// At 16 kHz, the samples of a segment and the distance between two segments.
  private static let (rate, length, hop) = (16_000, 16_000, 8000)
  private static let batch = 32
  private static let version = 1
  /// Frames of a segment.
  static let frames = 16

  let weights: WeightTable
  let size: Size
  private let standardizer: (mean: [Float], std: [Float])
  public let key: String
  public var workers: Int? { 1 }

  struct Size: Sendable { let classes, width: Int }

  public init(weights folder: URL, layer: String? = nil) throws {
    _ = try Self.card.layer(layer)
    let table = try WeightFolder(folder, Self.card).read([Self.fileName])
    let bands = LogMel.band.melBands
    standardizer = (
      try table.take("standardizer.mean", [bands]).values,
      try table.take("standardizer.std", [bands]).values
    )
    guard standardizer.std.allSatisfy({ $0 > 0 }) else {
      throw table.error("'standardizer.std' is not positive; expected deviations of 64 bands")
    }
    let first = table.tensors["conv1.weight"]?.shape ?? []
    let last = table.tensors["fc.weight"]?.shape ?? []
    guard first.count == 4, last.count == 2, last[0] > 0, 8 * first[0] == last[1],
      last[1] == Self.card.layers[0].dimension
    else { throw table.error("no band net; expected a CNN of width 16 with 'fc.weight' [C, 128]") }
    size = Size(classes: last[0], width: first[0])
    weights = table
    _ = try Self.network(size, table)
    key = Digest.hex("band-net \(Self.version) \(FrontEnd.band.key) \(table.digest)".utf8)
  }

  public func makeWorker() throws -> (Waveform) throws -> Spectrogram {
    let network = try Self.network(size, weights)
    return { try embed($0, network) }
  }

  static func network(_ size: Size, _ table: WeightTable) throws -> CNN {
    let network = CNN(
      classes: size.classes, width: size.width, random: RandomSource(Generator(seed: 0)))
    do {
      try network.restore(table.tensors.filter { !$0.key.hasPrefix("standardizer.") })
    } catch let error as StateError {
      throw table.error("\(error)")
    }
    return network
  }

  private func embed(_ sound: Waveform, _ network: CNN) throws -> Spectrogram {
    let samples = sound.resampled(to: Self.rate).samples
    guard !samples.isEmpty else {
      throw AudioError(file: "", reason: "0 samples; expected at least 1")
    }
    let reach = max(0, samples.count - Self.length)
    let segments = 1 + (reach + Self.hop - 1) / Self.hop
    return try Segments.embed(segments, batch: Self.batch) { range in
      let spectrograms = try range.map { try spectrogram(of: samples, segment: $0) }
      let frames = spectrograms.first?.frames ?? 0
      return Tensor(
        spectrograms.flatMap(\.values), [range.count, 1, LogMel.band.melBands, frames])
    } network: {
      network($0, .evaluation()).embedding
    }
  }

  /// The standardized log-mel of one second, [64, 16].
  private func spectrogram(of samples: [Float], segment: Int) throws -> Spectrogram {
    let start = segment * Self.hop
    var part = Array(samples[start..<min(samples.count, start + Self.length)])
    part += [Float](repeating: 0, count: Self.length - part.count)
    var spectrogram = try LogMel.band(Waveform(samples: part, sampleRate: Self.rate))
    for band in 0..<spectrogram.bands {
      let (mean, scale) = (standardizer.mean[band], 1 / standardizer.std[band])
      for frame in 0..<spectrogram.frames {
        spectrogram[band, frame] = (spectrogram[band, frame] - mean) * scale
      }
    }
    return spectrogram
  }
}

extension BandNet {
  /// The folder of the weights that come with the program.
  public static func packaged() throws -> URL? {
    try PackagedWeights.file(fileName).deletingLastPathComponent()
  }
}
