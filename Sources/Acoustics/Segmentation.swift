// How models that look at pieces of a clip see a whole one.
import Foundation

/// A model of fixed length learns from one random piece of each clip an epoch; a clip's score is
/// the mean of its scores on several pieces, equally far apart.
/// Paper: Won et al. 2020, doi:10.1109/ICASSP40776.2020.9053669.
/// Differs: pieces are cut out of the clip's picture, so a piece's first and last frame know the
/// sound around it; the authors cut the sound, whose ends are reflected.
public struct Segmentation: Codable, Hashable, Sendable {
  /// Length of a piece, s.
  public var seconds: Double
  /// S, the pieces a clip is scored on.
  public var scored: Int

  public init(seconds: Double, scored: Int = 16) {
    self.seconds = seconds
    self.scored = scored
  }

  /// First frame of the piece `index` of S, where a clip has `total` frames and a piece `length`:
  /// index · ⌊(total − length) / S⌋; 0 where the clip is no longer than a piece.
  public static func start(_ index: Int, of scored: Int, length: Int, total: Int) -> Int {
    index * (max(0, total - length) / max(scored, 1))
  }
}

extension FrontEnd {
  /// T of a sound of this length; whatever `seconds` says. Throws `AudioError` on impossible
  /// settings.
  public func frames(ofSeconds seconds: Double) throws -> Int {
    try transform.validate()
    let rate = transform.sampleRate
    let count = Int((seconds * Double(rate)).rounded())
    let silence = Waveform(samples: [Float](repeating: 0, count: count), sampleRate: rate)
    return try transform(silence).frames
  }
}

extension Spectrogram {
  /// `count` frames from `start` on, `[M, count]`; zeros wherever there is no such frame, before
  /// the first (`start` < 0) or behind the last.
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
