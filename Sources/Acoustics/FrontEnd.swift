// What a model eats: a transform of a clip of fixed length, with a key for the feature cache.
import Foundation

/// A transform's settings and the clip length they are applied to.
public struct FrontEnd: Hashable, Sendable {
  /// The kinds of pictures that can be made of a sound.
  public enum Transform: Hashable, Sendable {
    case logMel(LogMel)
    case kaldiFbank(KaldiFbank)
    case mfcc(MFCC)
    case linear(LinearSpectrogram)
    /// One vector a clip, `[D, 1]`.
    case statistics(ClipStatistics)
  }

  public var id: String
  public var transform: Transform
  /// Length in s that a clip is first cut or padded with silence to; nil keeps it as it is.
  public var seconds: Double?

  public init(id: String, _ transform: Transform, seconds: Double? = nil) {
    self.id = id
    self.transform = transform
    self.seconds = seconds
  }

  public init(id: String, logMel: LogMel, seconds: Double? = nil) {
    self.init(id: id, .logMel(logMel), seconds: seconds)
  }

  /// `[M, T]` of a clip. Throws `AudioError` on impossible settings or an empty sound.
  public func callAsFunction(_ waveform: Waveform) throws -> Spectrogram {
    guard let seconds else { return try transform(waveform) }
    guard seconds > 0, seconds <= 24 * 3600 else {
      throw AudioError(file: "", reason: "seconds \(seconds); expected more than 0, at most 86400")
    }
    try transform.validate()
    let rate = transform.sampleRate
    // Cut before resampling to save its work, and once more after: rates may not divide evenly.
    let count = Int((seconds * Double(rate)).rounded())
    let clip = waveform.fitted(toSeconds: seconds).resampled(to: rate)
    return try transform(clip.fitted(toCount: count))
  }

  /// Where each band peaks, Hz, `[M]`; empty where bands are not frequencies.
  public func frequencies() -> [Float] { transform.frequencies() }
}

extension FrontEnd.Transform {
  /// Rate the sound is brought to, Hz.
  public var sampleRate: Int {
    switch self {
    case .logMel(let settings): settings.sampleRate
    case .kaldiFbank(let settings): settings.sampleRate
    case .mfcc(let settings): settings.logMel.sampleRate
    case .linear(let settings): settings.sampleRate
    case .statistics(let settings): settings.sampleRate
    }
  }

  /// M.
  public var bands: Int {
    switch self {
    case .logMel(let settings): settings.melBands
    case .kaldiFbank(let settings): settings.melBands
    case .mfcc(let settings): settings.bands
    case .linear(let settings): settings.bins
    case .statistics(let settings): settings.count
    }
  }

  /// `[M, T]`. Throws `AudioError` on impossible settings and on a sound that is too short.
  public func callAsFunction(_ waveform: Waveform) throws -> Spectrogram {
    switch self {
    case .logMel(let settings): try settings(waveform)
    case .kaldiFbank(let settings): try settings(waveform)
    case .mfcc(let settings): try settings(waveform)
    case .linear(let settings): try settings(waveform)
    case .statistics(let settings):
      Spectrogram(bands: settings.count, frames: 1, values: try settings(waveform))
    }
  }

  /// Throws an `AudioError` that names the first impossible setting.
  public func validate() throws {
    switch self {
    case .logMel(let settings): try settings.validate()
    case .kaldiFbank(let settings): try settings.validate()
    case .mfcc(let settings): try settings.validate()
    case .linear(let settings): try settings.validate()
    case .statistics(let settings): try settings.validate()
    }
  }

  /// Where each band peaks, Hz, `[M]`; empty for cepstra and for impossible settings.
  public func frequencies() -> [Float] {
    switch self {
    case .logMel(let settings): settings.frequencies()
    case .kaldiFbank(let settings): settings.frequencies()
    case .mfcc, .statistics: []
    case .linear(let settings): settings.frequencies()
    }
  }
}
