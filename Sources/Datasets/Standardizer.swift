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

  /// Over all clips and frames; bands that never change are only centred.
  public init(fitting spectrograms: [Spectrogram]) {
    let pictures = spectrograms.filter { $0.frames > 0 }
    let moments = (0..<(pictures.first?.bands ?? 0)).map { Standardizer.moments($0, of: pictures) }
    mean = moments.map { Float($0.mean) }
    deviation = moments.map { $0.variance > 1e-12 ? Float($0.variance.squareRoot()) : 1 }
  }

  private static func moments(
    _ band: Int, of pictures: [Spectrogram]
  ) -> (mean: Double, variance: Double) {
    // Differences from one frame's level, so that squares do not cancel.
    let origin = Double(pictures[0][band, 0])
    var count = 0.0
    var sum = 0.0
    var squares = 0.0
    for picture in pictures where band < picture.bands {
      count += Double(picture.frames)
      for value in picture.values[band * picture.frames..<(band + 1) * picture.frames] {
        let difference = Double(value) - origin
        sum += difference
        squares += difference * difference
      }
    }
    return (origin + sum / count, max(0, squares / count - (sum / count) * (sum / count)))
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
