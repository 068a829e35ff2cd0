import Foundation

/// The segmentation of clips for a model with a fixed input length.
///
/// In training the model sees one random segment of each clip per epoch. In evaluation the score of
/// a clip is the mean of its scores on several equally spaced segments.
///
/// Paper: Won et al. 2020, doi:10.1109/ICASSP40776.2020.9053669.
///
/// Differs: segments are cut out of the clip's spectrogram, so their first and last frames contain
/// the surrounding sound. The authors cut the waveform and reflect its ends.
public struct Segmentation: Codable, Hashable, Sendable {
  /// The length of a segment in s.
  public var seconds: Double
  /// The number S of segments that a clip is scored on.
  public var scored: Int

  /// Segments of `seconds` s; `scored` of them in evaluation.
  public init(seconds: Double, scored: Int = 16) {
    self.seconds = seconds
    self.scored = scored
  }

  /// The first frame of segment `index` of S: index · ⌊(total − length) / S⌋; 0 if the clip is not
  /// longer than a segment.
  ///
  /// - Parameters:
  ///   - index: The segment, from 0.
  ///   - scored: S.
  ///   - length: The frames of a segment.
  ///   - total: The frames of the clip.
  public static func start(_ index: Int, of scored: Int, length: Int, total: Int) -> Int {
    index * (max(0, total - length) / max(scored, 1))
  }
}

extension FrontEnd {
  /// The number of frames T of a sound of this length in s, which replaces the front end's own
  /// `seconds`.
  ///
  /// - Throws: ``AudioError`` if a setting is out of range.
  public func frames(ofSeconds seconds: Double) throws -> Int {
    try transform.validate()
    let rate = transform.sampleRate
    let count = Int((seconds * Double(rate)).rounded())
    let silence = Waveform(samples: [Float](repeating: 0, count: count), sampleRate: rate)
    return try transform(silence).frames
  }
}

extension Spectrogram {
  /// Cuts out `count` frames from `start` on, `[M, count]`. Frames before the first (`start` < 0)
  /// and after the last are zeros.
  public func cut(from start: Int, frames count: Int) -> Spectrogram {
    let first = max(0, start)
    let end = min(frames, start + count)
    guard first < end else {
      return Spectrogram(
        bands: bands, frames: count, values: [Float](repeating: 0, count: bands * count))
    }
    let before = repeatElement(Float(0), count: first - start)
    let after = repeatElement(Float(0), count: start + count - end)
    var cut: [Float] = []
    cut.reserveCapacity(bands * count)
    for band in 0..<bands {
      cut += before
      cut += values[band * frames + first..<band * frames + end]
      cut += after
    }
    return Spectrogram(bands: bands, frames: count, values: cut)
  }
}
