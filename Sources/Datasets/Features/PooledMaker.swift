// One vector a clip from several pre-trained networks.
import Acoustics

/// `[D, 1]`: the means over time of what other makers give, one below the other.
public struct PooledMaker: FeatureMaker {
  private let makers: [any FeatureMaker]

  public init(_ makers: [any FeatureMaker]) { self.makers = makers }

  public var key: String {
    Digest.hex(Array(("pooled " + makers.map(\.key).joined(separator: " ")).utf8))
  }
  public var workers: Int? { makers.compactMap(\.workers).min() }

  public func makeWorker() throws -> (Waveform) throws -> Spectrogram {
    let works = try makers.map { try $0.makeWorker() }
    return { sound in
      let values = try works.flatMap { try $0(sound).meanOverTime }
      return Spectrogram(bands: values.count, frames: 1, values: values)
    }
  }
}

extension Features {
  /// `[D, 1]` of the clips that all of `parts` know: means over time, one below the other.
  public static func pooled(_ parts: [Features], of clips: [Clip]) -> Features {
    var vectors: [Clip.ID: Spectrogram] = [:]
    for clip in clips {
      let pictures = parts.compactMap { $0[clip.id] }
      guard pictures.count == parts.count else { continue }
      let values = pictures.flatMap(\.meanOverTime)
      vectors[clip.id] = Spectrogram(bands: values.count, frames: 1, values: values)
    }
    return Features(
      vectors, problems: parts.flatMap(\.problems), sounds: parts.compactMap(\.sounds).first)
  }
}
