// Standardization to mean 0 and standard deviation 1 over the training clips. BAND §4.
import Acoustics

/// Standardizes each band of a spectrogram.
public struct Standardizer: Sendable, Equatable {
  /// Mean and standard deviation per band, [M].
  public let mean, std: [Float]

  public init(mean: [Float], std: [Float]) {
    precondition(
      mean.count == std.count, "\(mean.count) means for \(std.count) standard deviations")
    self.mean = mean
    self.std = std
  }

  /// A standardizer that does not change values.
  public static func identity(_ bands: Int) -> Standardizer {
    Standardizer(
      mean: [Float](repeating: 0, count: bands), std: [Float](repeating: 1, count: bands))
  }

  /// The standardizer of these bands.
  public func part(_ bands: Range<Int>) -> Standardizer {
    Standardizer(mean: Array(mean[bands]), std: Array(std[bands]))
  }

  /// The standardizer of these bands and then those of `other`.
  public func followed(by other: Standardizer) -> Standardizer {
    Standardizer(mean: mean + other.mean, std: std + other.std)
  }

  /// Fits mean and standard deviation over all clips and frames. Constant bands are only centred.
  /// Each spectrogram is read once.
  public init(fitting spectrograms: some Sequence<Spectrogram>) {
    var moments: [Moments] = []
    for spectrogram in spectrograms where spectrogram.frames > 0 {
      if moments.isEmpty {
        moments = (0..<spectrogram.bands).map { Moments(origin: spectrogram[$0, 0]) }
      }
      for band in 0..<min(moments.count, spectrogram.bands) {
        moments[band].add(
          spectrogram.values[band * spectrogram.frames..<(band + 1) * spectrogram.frames])
      }
    }
    mean = moments.map { Float($0.mean) }
    std = moments.map { $0.variance > 1e-12 ? Float($0.variance.squareRoot()) : 1 }
  }

  /// Sums over one band of the differences from its first value, which avoids cancellation.
  private struct Moments {
    private let origin: Double
    private var count = 0.0, sum = 0.0, squares = 0.0

    init(origin: Float) { self.origin = Double(origin) }

    mutating func add(_ values: ArraySlice<Float>) {
      count += Double(values.count)
      for value in values {
        let difference = Double(value) - origin
        sum += difference
        squares += difference * difference
      }
    }

    var mean: Double { origin + sum / count }
    var variance: Double { max(0, squares / count - (sum / count) * (sum / count)) }
  }

  /// The standardised spectrogram, [M, T].
  public func callAsFunction(_ spectrogram: Spectrogram) -> Spectrogram {
    precondition(
      spectrogram.bands == mean.count, "\(spectrogram.bands) bands for \(mean.count) means")
    var result = spectrogram
    for b in 0..<spectrogram.bands {
      let scale = 1 / std[b]
      let range = b * spectrogram.frames..<(b + 1) * spectrogram.frames
      for i in range { result.values[i] = (spectrogram.values[i] - mean[b]) * scale }
    }
    return result
  }
}

extension Spectrogram {
  /// The mean of each band over the frames, `[M]`.
  package var meanOverTime: [Float] {
    (0..<bands).map { band in
      let row = values[band * frames..<(band + 1) * frames]
      return row.reduce(0, +) / Float(max(frames, 1))
    }
  }

  /// The values in the order `[T, M]`, one row per frame.
  package var transposed: [Float] {
    (0..<frames).flatMap { frame in (0..<bands).map { values[$0 * frames + frame] } }
  }
}

/// An extractor of `[D, 1]`: the concatenated means over time of other extractors' embeddings.
public struct PooledExtractor: FeatureExtractor {
  private let extractors: [any FeatureExtractor]

  public init(_ extractors: [any FeatureExtractor]) { self.extractors = extractors }

  public var key: String {
    Digest.hex(Array(("pooled " + extractors.map(\.key).joined(separator: " ")).utf8))
  }
  public var workers: Int? { extractors.compactMap(\.workers).min() }

  public func makeWorker() throws -> (Waveform) throws -> Spectrogram {
    let works = try extractors.map { try $0.makeWorker() }
    return { sound in
      let values = try works.flatMap { try $0(sound).meanOverTime }
      return Spectrogram(bands: values.count, frames: 1, values: values)
    }
  }
}

extension Features {
  /// `[D, 1]` of the clips with features in all of `parts`: the concatenated means over time.
  public static func pooled(_ parts: [Features], of clips: [Clip]) -> Features {
    var vectors: [Clip.ID: Spectrogram] = [:]
    for clip in clips {
      let spectrograms = parts.compactMap { $0[clip.id] }
      guard spectrograms.count == parts.count else { continue }
      let values = spectrograms.flatMap(\.meanOverTime)
      vectors[clip.id] = Spectrogram(bands: values.count, frames: 1, values: values)
    }
    return Features(
      vectors, problems: parts.flatMap(\.problems), sounds: parts.compactMap(\.sounds).first)
  }
}
