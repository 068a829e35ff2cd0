// What a model eats: a log-mel of a clip of fixed length, with a key for the feature cache.
import Foundation

/// Log-mel settings and the clip length they are applied to.
public struct FrontEnd: Codable, Hashable, Sendable {
  public var id: String
  public var logMel: LogMel
  /// Length in s that a clip is first cut or padded with silence to; nil keeps it as it is.
  public var seconds: Double?

  public init(id: String, logMel: LogMel, seconds: Double? = nil) {
    self.id = id
    self.logMel = logMel
    self.seconds = seconds
  }

  /// Front end of the built-in data set's reference network: 64 HTK mels of 50 to 8000 Hz at
  /// 16 kHz, ln(x + 1e-6); 3 s become `[64, 47]`.
  public static let band = FrontEnd(
    id: "band",
    logMel: LogMel(
      sampleRate: 16_000, nFFT: 2048, hopLength: 1024, melBands: 64, fMin: 50, fMax: 8000,
      scale: .htk, normalized: false, compression: .naturalLog(offset: 1e-6)))

  /// Raised whenever the same settings begin to give other numbers.
  private static let version = 2

  /// 16 hexadecimal digits that depend on every setting but the name; equal on all machines.
  public var key: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let length = seconds.map { "\($0)" } ?? "whole"
    let settings = (try? encoder.encode(logMel)) ?? Data()
    return Digest.hex(Array("\(Self.version) \(length) ".utf8) + settings)
  }

  /// `[M, T]` of a clip. Throws `AudioError` on impossible settings or an empty sound.
  public func callAsFunction(_ waveform: Waveform) throws -> Spectrogram {
    guard let seconds else { return try logMel(waveform) }
    guard seconds > 0, seconds <= 24 * 3600 else {
      throw AudioError(file: "", reason: "seconds \(seconds); expected more than 0, at most 86400")
    }
    try logMel.validate()
    // Cut before resampling to save its work, and once more after: rates may not divide evenly.
    let count = Int((seconds * Double(logMel.sampleRate)).rounded())
    let clip = waveform.fitted(toSeconds: seconds).resampled(to: logMel.sampleRate)
    return try logMel(clip.fitted(toCount: count))
  }

  /// Where each band peaks, Hz, `[M]`.
  public func frequencies() -> [Float] { logMel.frequencies() }
}
