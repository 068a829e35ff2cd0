// Reads WAV, AIFF, FLAC, Vorbis, Opus and MP3 files; writes 16-bit WAV files.
import Foundation

/// The header of a sound file.
public struct AudioInfo: Sendable, Equatable {
  /// Samples per channel; 0 if the header does not state it.
  public let frames: Int
  /// Samples per second, in Hz.
  public let sampleRate: Int
  /// The number of channels.
  public let channels: Int
  /// The container and the encoding, in words.
  public let format: String
  /// Whether `frames` is the number of samples that decoding yields. Otherwise it is an estimate,
  /// or what the header states.
  public let isExact: Bool

  /// The duration in s.
  public var seconds: Double { Double(frames) / Double(sampleRate) }
}

/// Reads sound files as mono waveforms, and writes them.
///
/// ```swift
/// let waveform = try AudioFile.read(URL(fileURLWithPath: "clip.flac"))
/// let features = try LogMel.musicnn(waveform)  // [96, T]
/// ```
///
/// Every failure is an ``AudioError``. Nothing is printed.
public enum AudioFile {
  /// Files with more frames are refused, so that a small file cannot unpack into all memory.
  package static let mostFrames = 1 << 28

  /// Reads the header of a file and checks that it is plausible. The number of frames may be wrong;
  /// ``length(_:)`` returns the true one.
  ///
  /// - Throws: ``AudioError``.
  public static func info(_ url: URL) throws -> AudioInfo {
    try SoundReader(url).info
  }

  /// Reads the header of a file with the number of frames that decoding yields. The file is decoded
  /// only if its header is unreliable.
  ///
  /// - Throws: ``AudioError``.
  public static func length(_ url: URL) throws -> AudioInfo {
    try SoundReader(url).length()
  }

  /// Reads a whole file and averages its channels.
  ///
  /// - Throws: ``AudioError``, also if the file is truncated.
  public static func read(_ url: URL) throws -> Waveform {
    let reader = try SoundReader(url)
    return Waveform(samples: try reader.mono(), sampleRate: reader.info.sampleRate)
  }

  /// Reads a file of any length in consecutive excerpts of `frames` samples, averaged over
  /// channels, until `take` returns false. The last excerpt may be shorter. Only one is in memory.
  ///
  /// - Throws: ``AudioError``, also if the file is truncated.
  package static func forEachExcerpt(
    of url: URL, frames: Int, _ take: (Waveform) throws -> Bool
  ) throws {
    let reader = try SoundReader(url)
    let rate = reader.info.sampleRate
    var samples: [Float] = []
    var isStopped = false
    func pass(_ count: Int) throws {
      if let bad = samples[..<count].firstIndex(where: { !$0.isFinite }) {
        throw AudioError(url, "sample \(bad) is not a number; expected finite samples")
      }
      isStopped = try !take(Waveform(samples: Array(samples[..<count]), sampleRate: rate))
      samples.removeFirst(count)
    }
    try reader.forEachMonoBlock { mono, _ in
      samples += mono
      while samples.count >= frames, !isStopped { try pass(frames) }
      return !isStopped
    }
    if !samples.isEmpty, !isStopped { try pass(samples.count) }
  }

  /// Writes a 16-bit mono WAV file, clipped at full scale. The file appears at `url` when it is
  /// complete.
  ///
  /// - Throws: ``AudioError`` if a sample is not finite, the sound is too long for WAV, or the file
  ///   cannot be written.
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

  /// A RIFF header of 44 bytes, followed by little-endian 16-bit samples.
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
    for field in [2, 16] as [UInt16] { append(field) }  // bytes per frame, bits per sample
    bytes += Array("data".utf8)
    append(size)
    for sample in waveform.samples {
      append(Int16((min(max(sample * 32768, -32768), 32767)).rounded()))
    }
    return Data(bytes)
  }
}

/// An error about a sound file or a setting. It prints as `FILE: reason; expected …`.
public struct AudioError: Error, CustomStringConvertible, Equatable {
  /// The path of the file; empty if a setting is wrong.
  public let file: String
  /// What is wrong and what was expected instead, separated by a semicolon.
  public let reason: String
  /// The `errno` if the operating system failed to open or read the file, such as EIO, EMFILE or
  /// EACCES. Nil if the content of the file is the reason.
  public let systemError: Int32?
  /// Whether the file does not exist.
  public let isMissing: Bool

  /// An error about the content of a file, or about a setting if `file` is empty.
  public init(file: String, reason: String) {
    self.init(file: file, reason: reason, systemError: nil, isMissing: false)
  }

  private init(file: String, reason: String, systemError: Int32?, isMissing: Bool) {
    self.file = file
    self.reason = reason
    self.systemError = systemError
    self.isMissing = isMissing
  }

  init(_ url: URL, _ reason: String) {
    self.init(file: url.relativePath, reason: reason)
  }

  /// A system call on `url` failed with `code`, which means that the file does not exist or that
  /// its content is unknown.
  init(_ url: URL, _ code: Int32, while action: String) {
    if AudioError.notThere.contains(code) {
      self.init(
        file: url.relativePath, reason: "cannot be found; expected a sound file",
        systemError: nil, isMissing: true)
    } else {
      let words = String(cString: strerror(code))
      self.init(
        file: url.relativePath,
        reason: "cannot be \(action) (\(words)); expected a readable file",
        systemError: code, isMissing: false)
    }
  }

  /// The same codes as in `StoredFile` of `Formats`, which is not imported here.
  private static let notThere: Set<Int32> = [ENOENT, ENOTDIR, ENAMETOOLONG]

  /// Whether the system failed, so that nothing is known about the sound.
  public var isUnavailable: Bool { systemError != nil }

  public var description: String { file.isEmpty ? reason : "\(file): \(reason)" }
}
