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

  /// Over all clips and frames; bands that never change are only centred.
  public init(fitting spectrograms: [Spectrogram]) {
    let pictures = spectrograms.filter { $0.frames > 0 }
    let bands = pictures.first?.bands ?? 0
    var sums = [Double](repeating: 0, count: bands)
    var squares = sums
    var frames = 0
    for picture in pictures where picture.bands == bands {
      frames += picture.frames
      for b in 0..<bands {
        // Against the first frame's level, so that squares stay small beside their differences.
        let origin = Double(pictures[0].values[b * pictures[0].frames])
        for value in picture.values[b * picture.frames..<(b + 1) * picture.frames] {
          let difference = Double(value) - origin
          sums[b] += difference
          squares[b] += difference * difference
        }
      }
    }
    let count = Double(max(1, frames))
    mean = (0..<bands).map { b in
      Float(Double(pictures[0].values[b * pictures[0].frames]) + sums[b] / count)
    }
    deviation = (0..<bands).map { b in
      let variance = max(0, squares[b] / count - (sums[b] / count) * (sums[b] / count))
      return variance > 1e-12 ? Float(variance.squareRoot()) : 1
    }
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
