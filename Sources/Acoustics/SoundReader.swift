// One open libsndfile handle: header checks, block-wise decoding, mono mix.
import CSndfile
import Foundation
import Synchronization

/// Used by one thread from opening to closing; the handle never leaves this object.
final class SoundReader {
  let info: AudioInfo
  private let url: URL
  private let handle: OpaquePointer  // SNDFILE *; owned here, closed once in deinit

  /// libsndfile keeps the reason of a failed opening in a global, so openings take turns.
  private static let opening = Mutex<Void>(())

  init(_ url: URL) throws {
    self.url = url
    try Self.checkFile(url)
    var header = SF_INFO()
    handle = try Self.open(url, &header)
    info = AudioInfo(
      frames: Int(header.frames), sampleRate: Int(header.samplerate),
      channels: Int(header.channels), format: Self.formatName(header.format), isExact: false)
    try checkHeader()
  }

  deinit { sf_close(handle) }

  /// Every sample, channels averaged. Memory grows with what is decoded, not with the header.
  func mono() throws -> [Float] {
    let blockFrames = max(1, 65_536 / info.channels)
    var block = [Float](repeating: 0, count: blockFrames * info.channels)
    var samples: [Float] = []
    samples.reserveCapacity(min(info.frames, 1 << 22))
    while samples.count <= AudioFile.mostFrames {
      let read = Int(sf_readf_float(handle, &block, sf_count_t(blockFrames)))
      guard read > 0 else { break }
      mix(block, frames: read, into: &samples)
    }
    try checkDecoded(samples)
    return samples
  }

  private func mix(_ block: [Float], frames: Int, into samples: inout [Float]) {
    guard info.channels > 1 else {
      samples += block.prefix(frames)
      return
    }
    let share = 1 / Float(info.channels)
    for frame in 0..<frames {
      let first = frame * info.channels
      var sum: Float = 0
      for channel in first..<(first + info.channels) { sum += block[channel] }
      samples.append(sum * share)
    }
  }
}

extension SoundReader {
  private static let formats = "expected WAV, AIFF, FLAC, Ogg Vorbis, Opus or MP3"

  /// Refuses what libsndfile would wait on (a pipe) or describe poorly (no file, no bytes).
  private static func checkFile(_ url: URL) throws {
    var status = stat()
    guard stat(url.path, &status) == 0 else {
      throw AudioError(url, errno, while: "opened")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw AudioError(url, "not a regular file; expected a sound file")
    }
    if status.st_size == 0 {
      throw AudioError(url, "empty file (0 bytes); \(formats)")
    }
  }

  private static func open(_ url: URL, _ header: inout SF_INFO) throws -> OpaquePointer {
    try opening.withLock { _ in
      guard let handle = sf_open(url.path, Int32(SFM_READ), &header) else {
        let reason = String(cString: sf_error_number(sf_error(nil)))
        throw AudioError(url, "\(sentence(reason)); \(formats)")
      }
      return handle
    }
  }

  private func checkHeader() throws {
    guard info.frames > 0 else { throw AudioError(url, "no samples; expected at least one") }
    guard info.frames < Int.max else {
      throw AudioError(url, "no end of stream, so cut short; expected a complete file")
    }
    guard (1...1024).contains(info.channels) else {
      throw AudioError(url, "\(info.channels) channels; expected 1 to 1024")
    }
    guard (1_000...768_000).contains(info.sampleRate) else {
      throw AudioError(url, "sample rate \(info.sampleRate) Hz; expected 1000 to 768000 Hz")
    }
    if let (claimed, present) = missingBytes() {
      throw AudioError(url, "truncated, \(present) bytes of samples; expected \(claimed)")
    }
  }

  /// Bytes of samples that a WAV or AIFF header claims and that are there, where the file is too
  /// short. libsndfile adapts the frame count silently and leaves only `data : 264600 (should be
  /// 132279)` in its log. Sizes near 2 or 4 GiB are what streaming writers put for "unknown".
  private func missingBytes() -> (claimed: Int, present: Int)? {
    var text = [CChar](repeating: 0, count: 16_384)
    sf_command(handle, Int32(SFC_GET_LOG_INFO), &text, Int32(text.count))
    let log = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for line in log.split(separator: "\n") {
      guard let match = line.wholeMatch(of: /\s*(?:data|SSND) : (\d+) \(should be (\d+)\)/),
        let claimed = Int(match.1), let present = Int(match.2)
      else { continue }
      if claimed > present, claimed < 0x7fff_0000 { return (claimed, present) }
    }
    return nil
  }

  private func checkDecoded(_ samples: [Float]) throws {
    guard samples.count <= AudioFile.mostFrames else {
      throw AudioError(url, "too long; expected at most \(AudioFile.mostFrames) samples")
    }
    if sf_error(handle) != 0 {
      let reason = Self.sentence(String(cString: sf_strerror(handle)))
      throw AudioError(
        url, "\(reason) after \(samples.count) samples; expected \(info.frames)")
    }
    guard samples.count >= info.frames else {
      throw AudioError(
        url, "truncated, only \(samples.count) samples; expected \(info.frames)")
    }
    if let bad = samples.firstIndex(where: { !$0.isFinite }) {
      throw AudioError(url, "sample \(bad) is not a number; expected finite samples")
    }
  }

  /// libsndfile's words as part of a sentence: one line, no full stop.
  private static func sentence(_ reason: String) -> String {
    let line = reason.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.trimmingCharacters(in: CharacterSet(charactersIn: " ."))
  }

  private static func formatName(_ format: Int32) -> String {
    func name(_ command: Int, _ mask: Int32) -> String? {
      var description = SF_FORMAT_INFO()
      description.format = format & mask
      let size = Int32(MemoryLayout<SF_FORMAT_INFO>.size)
      guard sf_command(nil, Int32(command), &description, size) == 0, description.name != nil
      else { return nil }
      return String(cString: description.name)
    }
    let parts = [
      name(SFC_GET_FORMAT_INFO, Int32(SF_FORMAT_TYPEMASK)),
      name(SFC_GET_FORMAT_INFO, Int32(SF_FORMAT_SUBMASK)),
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}
