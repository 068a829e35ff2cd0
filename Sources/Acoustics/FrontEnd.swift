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

/// The transform is coded under its own name beside `id` and `seconds`.
extension FrontEnd: Codable {
  private enum Keys: String, CodingKey {
    case id, seconds, logMel, kaldiFbank, mfcc, linear, statistics
  }

  /// Decodes a front end.
  ///
  /// - Throws: `DecodingError` if the transform is missing or a field has another type.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Keys.self)
    id = try values.decode(String.self, forKey: .id)
    seconds = try values.decodeIfPresent(Double.self, forKey: .seconds)
    if let settings = try values.decodeIfPresent(LogMel.self, forKey: .logMel) {
      transform = .logMel(settings)
    } else if let settings = try values.decodeIfPresent(KaldiFbank.self, forKey: .kaldiFbank) {
      transform = .kaldiFbank(settings)
    } else if let settings = try values.decodeIfPresent(MFCC.self, forKey: .mfcc) {
      transform = .mfcc(settings)
    } else if let settings = try values.decodeIfPresent(LinearSpectrogram.self, forKey: .linear) {
      transform = .linear(settings)
    } else if let settings = try values.decodeIfPresent(ClipStatistics.self, forKey: .statistics) {
      transform = .statistics(settings)
    } else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "no transform; expected one such as logMel or statistics"))
    }
  }

  /// Encodes the front end.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Keys.self)
    try values.encode(id, forKey: .id)
    try values.encodeIfPresent(seconds, forKey: .seconds)
    switch transform {
    case .logMel(let settings): try values.encode(settings, forKey: .logMel)
    case .kaldiFbank(let settings): try values.encode(settings, forKey: .kaldiFbank)
    case .mfcc(let settings): try values.encode(settings, forKey: .mfcc)
    case .linear(let settings): try values.encode(settings, forKey: .linear)
    case .statistics(let settings): try values.encode(settings, forKey: .statistics)
    }
  }
}

extension FrontEnd {
  /// The version of the transforms. It is raised when the same settings give other numbers.
  private static let version = 2

  /// The cache key: 16 hexadecimal digits that depend on every setting except the id, and are the
  /// same on all machines.
  public var key: String {
    let length = seconds.map { "\($0)" } ?? "whole"
    return Digest.hex(Array("\(Self.version) \(length) ".utf8) + settings)
  }

  /// The settings of the transform as JSON with sorted keys, after its name. A log-mel has no name
  /// here, since no other transform has the same fields.
  private var settings: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func bytes(_ name: String, _ settings: some Encodable) -> [UInt8] {
      Array(name.utf8) + ((try? encoder.encode(settings)) ?? Data())
    }
    return switch transform {
    case .logMel(let settings): bytes("", settings)
    case .kaldiFbank(let settings): bytes("kaldiFbank ", settings)
    case .mfcc(let settings): bytes("mfcc ", settings)
    case .linear(let settings): bytes("linear ", settings)
    case .statistics(let settings): bytes("statistics ", settings)
    }
  }
}

extension FrontEnd {
  /// The front end of the built-in data set's reference network; 3 s become `[64, 47]`.
  public static let band = FrontEnd(id: "band", logMel: .band)
  /// The normalised front end of AST; 10.24 s become `[128, 1024]`.
  public static let ast = FrontEnd(id: "ast", .kaldiFbank(.ast()))
  /// The front end of AST without normalisation, for reprogramming.
  public static let astRaw = FrontEnd(id: "ast-raw", .kaldiFbank(.ast(normalize: false)))
  /// Power spectra for the harmonic CNN.
  public static let harmonic = FrontEnd(id: "harmonic", .linear(.harmonic))
  /// The log-mel of musicnn.
  public static let musicnn = FrontEnd(id: "musicnn", logMel: .musicnn)
  /// The log-mel of VGGish, before it is cut into patches.
  public static let vggish = FrontEnd(id: "vggish", logMel: .vggish)
  /// The 40 cepstral coefficients of the Keyword Transformer; 1 s becomes `[40, 98]`.
  public static let kwt1 = FrontEnd(id: "kwt1", .mfcc(MFCC(logMel: .kwt1, coefficients: 40)))
  /// Means and standard deviations of spectral measures and cepstra, for classic learners.
  public static let statistics = FrontEnd(id: "statistics", .statistics(ClipStatistics()))
  /// 20 cepstral coefficients at 22,050 Hz with first and second differences, as in librosa.
  public static let mfcc = FrontEnd(id: "mfcc", .mfcc(.librosa(sampleRate: 22_050, deltas: 2)))
}

/// Throws an `AudioError` that names the setting and the expected range.
enum SettingsCheck {
  static func range(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw AudioError(
        file: "",
        reason: "\(name) \(value); expected \(range.lowerBound) to \(range.upperBound)")
    }
  }

  /// Checks the settings that all front ends with frames have.
  static func frames(sampleRate: Int, nFFT: Int, windowLength: Int, hopLength: Int) throws {
    try range("sampleRate", sampleRate, 1_000...768_000)
    try range("nFFT", nFFT, 2...(1 << 20))
    try range("windowLength", windowLength, 1...nFFT)
    try range("hopLength", hopLength, 1...(1 << 20))
  }

  /// Checks the edges of a filter bank in Hz.
  static func edges(_ fMin: Double, _ fMax: Double, sampleRate: Int) throws {
    let half = Double(sampleRate) / 2
    guard fMin >= 0, fMin < fMax, fMax <= half else {
      throw AudioError(
        file: "", reason: "fMin \(fMin) and fMax \(fMax) Hz; expected 0 <= fMin < fMax <= \(half)")
    }
  }
}
