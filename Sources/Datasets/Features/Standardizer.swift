// Brings every band to mean 0 and deviation 1, as measured on the training clips. BAND §4.
import Acoustics

public struct Standardizer: Sendable, Equatable {
  /// Per band, [M].
  public let mean, deviation: [Float]

  public init(mean: [Float], deviation: [Float]) {
    precondition(
      mean.count == deviation.count, "\(mean.count) means for \(deviation.count) deviations")
    self.mean = mean
    self.deviation = deviation
  }

  /// Leaves values as they are.
  public static func identity(_ bands: Int) -> Standardizer {
    Standardizer(
      mean: [Float](repeating: 0, count: bands), deviation: [Float](repeating: 1, count: bands))
  }

  /// Of these bands alone.
  public func part(_ bands: Range<Int>) -> Standardizer {
    Standardizer(mean: Array(mean[bands]), deviation: Array(deviation[bands]))
  }

  /// Of these bands, then of the other's.
  public func followed(by other: Standardizer) -> Standardizer {
    Standardizer(mean: mean + other.mean, deviation: deviation + other.deviation)
  }

  /// Over all clips and frames; bands that never change are only centred. Each picture is looked at
  /// once.
  public init(fitting spectrograms: some Sequence<Spectrogram>) {
    var moments: [Moments] = []
    for picture in spectrograms where picture.frames > 0 {
      if moments.isEmpty { moments = (0..<picture.bands).map { Moments(origin: picture[$0, 0]) } }
      for band in 0..<min(moments.count, picture.bands) {
        moments[band].add(picture.values[band * picture.frames..<(band + 1) * picture.frames])
      }
    }
    mean = moments.map { Float($0.mean) }
    deviation = moments.map { $0.variance > 1e-12 ? Float($0.variance.squareRoot()) : 1 }
  }

  /// Sums over one band: of differences from one frame's level, so that squares do not cancel.
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

  /// The standardised picture, [M, T].
  public func callAsFunction(_ picture: Spectrogram) -> Spectrogram {
    precondition(
      picture.bands == mean.count, "\(picture.bands) bands for \(mean.count) means")
    var result = picture
    for b in 0..<picture.bands {
      let scale = 1 / deviation[b]
      let range = b * picture.frames..<(b + 1) * picture.frames
      for i in range { result.values[i] = (picture.values[i] - mean[b]) * scale }
    }
    return result
  }
}
