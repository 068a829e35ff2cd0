import Foundation

/// The front end of a model: a transform from sound to features, with the length of a clip and a
/// key for the feature cache.
///
/// ```swift
/// let frontEnd = FrontEnd(id: "tagger", logMel: .musicnn, seconds: 3)
/// let silence = Waveform(samples: [Float](repeating: 0, count: 48_000), sampleRate: 16_000)
/// let features = try frontEnd(silence)  // [96, 188]
/// ```
public struct FrontEnd: Hashable, Sendable {
  /// The transform and its settings.
  public enum Transform: Hashable, Sendable {
    /// A log-mel spectrogram.
    case logMel(LogMel)
    /// Kaldi's log-mel filter bank.
    case kaldiFbank(KaldiFbank)
    /// Mel-frequency cepstral coefficients.
    case mfcc(MFCC)
    /// A spectrogram with a linear frequency axis.
    case linear(LinearSpectrogram)
    /// Hand-crafted features: one vector per clip, `[D, 1]`.
    case statistics(ClipStatistics)
  }

  /// The name in recipes and on screen.
  public var id: String
  /// The transform.
  public var transform: Transform
  /// The length in s to which a clip is cut or padded with silence; nil for no change.
  public var seconds: Double?

  /// A front end with any transform.
  public init(id: String, _ transform: Transform, seconds: Double? = nil) {
    self.id = id
    self.transform = transform
    self.seconds = seconds
  }

  /// A log-mel front end.
  public init(id: String, logMel: LogMel, seconds: Double? = nil) {
    self.init(id: id, .logMel(logMel), seconds: seconds)
  }

  /// The features of a clip, `[M, T]`. The sound is resampled if its rate differs.
  ///
  /// - Throws: ``AudioError`` if a setting is out of range or the sound is too short.
  public func callAsFunction(_ waveform: Waveform) throws -> Spectrogram {
    guard let seconds else { return try transform(waveform) }
    guard seconds > 0, seconds <= 24 * 3600 else {
      throw AudioError(file: "", reason: "seconds \(seconds); expected more than 0, at most 86400")
    }
    try transform.validate()
    let rate = transform.sampleRate
    // Cut before resampling, to save work, and again afterwards, since rates may not divide evenly.
    let count = Int((seconds * Double(rate)).rounded())
    let clip = waveform.fitted(toSeconds: seconds).resampled(to: rate)
    return try transform(clip.fitted(toCount: count))
  }

  /// The peak frequency of each band in Hz, `[M]`; empty if bands are not frequencies.
  public func frequencies() -> [Float] { transform.frequencies() }
}

extension FrontEnd.Transform {
  /// The sample rate in Hz that the sound is resampled to.
  public var sampleRate: Int {
    switch self {
    case .logMel(let settings): settings.sampleRate
    case .kaldiFbank(let settings): settings.sampleRate
    case .mfcc(let settings): settings.logMel.sampleRate
    case .linear(let settings): settings.sampleRate
    case .statistics(let settings): settings.sampleRate
    }
  }

  /// The number of bands M.
  public var bands: Int {
    switch self {
    case .logMel(let settings): settings.melBands
    case .kaldiFbank(let settings): settings.melBands
    case .mfcc(let settings): settings.bands
    case .linear(let settings): settings.bins
    case .statistics(let settings): settings.count
    }
  }

  /// The features of a sound, `[M, T]`.
  ///
  /// - Throws: ``AudioError`` if a setting is out of range or the sound is too short.
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

  /// Checks the settings.
  ///
  /// - Throws: ``AudioError`` that names the first setting out of range.
  public func validate() throws {
    switch self {
    case .logMel(let settings): try settings.validate()
    case .kaldiFbank(let settings): try settings.validate()
    case .mfcc(let settings): try settings.validate()
    case .linear(let settings): try settings.validate()
    case .statistics(let settings): try settings.validate()
    }
  }

  /// The peak frequency of each band in Hz, `[M]`; empty for cepstra and for settings out of range.
  public func frequencies() -> [Float] {
    switch self {
    case .logMel(let settings): settings.frequencies()
    case .kaldiFbank(let settings): settings.frequencies()
    case .mfcc, .statistics: []
    case .linear(let settings): settings.frequencies()
    }
  }
}
