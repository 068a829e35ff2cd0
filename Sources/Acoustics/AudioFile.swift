// Sound files: WAV, AIFF, FLAC, Vorbis, Opus and MP3 in; 16-bit WAV out.
import Foundation

/// What is known of a sound file before, or without, keeping its samples.
public struct AudioInfo: Sendable, Equatable {
  /// Samples per channel; 0 in a header that does not say.
  public let frames: Int
  /// Samples per second, Hz.
  public let sampleRate: Int
  public let channels: Int
  /// Container and encoding, in words.
  public let format: String
  /// True where `frames` is the number of samples that decoding gives; false where it is only what
  /// a header claims or an estimate.
  public let isExact: Bool

  /// Duration in s.
  public var seconds: Double { Double(frames) / Double(sampleRate) }
}

/// Reads sound files as mono waveforms. Every failure is one `AudioError`; nothing is printed.
public enum AudioFile {
  /// Frames beyond this are refused, so that a tiny file cannot unpack into all memory.
  package static let mostFrames = 1 << 28

  /// The header of `url`, checked for plausibility. Its number of frames may be a claim or an
  /// estimate: `length` gives the true one. Throws `AudioError`.
  public static func info(_ url: URL) throws -> AudioInfo {
    try SoundReader(url).info
  }

  /// The header of `url` with the number of frames that decoding gives. Decodes the file only where
  /// its header cannot be trusted. Throws `AudioError`.
  public static func length(_ url: URL) throws -> AudioInfo {
    try SoundReader(url).length()
  }

  /// All of `url`, channels averaged to mono. Throws `AudioError`, also for a truncated file.
  public static func read(_ url: URL) throws -> Waveform {
    let reader = try SoundReader(url)
    return Waveform(samples: try reader.mono(), sampleRate: reader.info.sampleRate)
  }

  /// Writes 16-bit mono WAV, clipped at full scale, to a temporary file renamed to `url` when
  /// complete. Throws `AudioError`.
  public static func write(_ waveform: Waveform, to url: URL) throws {
    guard waveform.samples.count < (1 << 31) - 64 else {
      throw AudioError(url, "too long for WAV; expected fewer than 2147483584 samples")
    }
    if let bad = waveform.samples.firstIndex(where: { !$0.isFinite }) {
      throw AudioError(url, "sample \(bad) is not a number; expected finite samples")
    }
    do {
      try wav(waveform).write(to: url, options: .atomic)
    } catch {
      let reason = error.localizedDescription
      throw AudioError(url, "cannot be written (\(reason)); expected a writable file")
    }
  }

  /// RIFF header of 44 bytes, then little-endian 16-bit samples.
  package static func wav(_ waveform: Waveform) -> Data {
    let size = UInt32(waveform.samples.count * 2)
    let rate = UInt32(waveform.sampleRate)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(44 + Int(size))
    func append<T: FixedWidthInteger>(_ value: T) {
      for shift in stride(from: 0, to: T.bitWidth, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: value >> T(shift)))
      }
    }
    bytes += Array("RIFF".utf8)
    append(36 + size)
    bytes += Array("WAVEfmt ".utf8)
    append(UInt32(16))
    for field in [1, 1] as [UInt16] { append(field) }  // PCM, one channel
    for field in [rate, rate &* 2] { append(field) }
    for field in [2, 16] as [UInt16] { append(field) }  // bytes a frame, bits a sample
    bytes += Array("data".utf8)
    append(size)
    for sample in waveform.samples {
      append(Int16((min(max(sample * 32768, -32768), 32767)).rounded()))
    }
    return Data(bytes)
  }
}
