// Reads a sound file: plausibility checks, blocks, mono mix.
import CSndfile
import Foundation

/// Used by one thread from opening to closing.
final class SoundReader {
  /// The headers of all parts, before decoding.
  let info: AudioInfo
  private let source: SoundSource
  private let parts: [SoundPart]
  /// The decoder of a single part. The parts of a chain are opened one after the other, since a
  /// chain may be long.
  private let single: (any SoundDecoder)?
  /// The number of frames returned so far.
  private var decoded = 0

  init(_ url: URL) throws {
    source = try SoundSource(url)
    parts = try SoundPart.all(source)
    let first = try parts[0].open()
    single = parts.count == 1 ? first : nil
    try SoundReader.check(first, source)
    var frames = first.header.frames
    var isExact = first.header.isExact
    for part in parts.dropFirst() {
      let header = try SoundReader.check(try part.open(), source, follows: first.header)
      frames = min(frames, 1 << 60) + min(header.frames, 1 << 60)
      isExact = isExact && header.isExact
    }
    info = first.header.with(frames: frames, isExact: isExact)
  }

  /// Passes on all blocks of interleaved samples, with their number of channels, until `take`
  /// returns false. Throws if the sound ends before the length in its header.
  func forEachBlock(_ take: (UnsafeBufferPointer<Float>, Int) throws -> Bool) throws {
    for part in parts {
      let decoder = try single ?? part.open()
      let start = decoded
      var goesOn = true
      while goesOn {
        let isMore = try decoder.next { block, channels in
          decoded += block.count / channels
          goesOn = try take(block, channels)
        }
        if !goesOn { return }
        if !isMore { break }
      }
      try source.checkFailure()
      if let promised = decoder.promised, decoded - start < promised {
        throw AudioError(
          source.url, "truncated, only \(decoded - start) samples; expected \(promised)")
      }
    }
    if decoded == 0 { throw SoundReader.noSamples(source) }
  }

  /// The same with the mean of the channels as first argument.
  func forEachMonoBlock(
    _ take: (UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>) throws -> Bool
  ) throws {
    var mean = MonoBlock()
    try forEachBlock { block, channels in
      try mean.mean(block, channels) { try take($0, block) }
    }
  }

  /// All samples, averaged over channels.
  func mono() throws -> [Float] {
    try checkLength(info.frames)
    var store = SampleStore(expected: info.isExact ? info.frames : nil)
    try forEachMonoBlock { mono, _ in
      try checkLength(decoded)
      store.add(mono)
      return true
    }
    let samples = store.finish()
    if let bad = samples.firstIndex(where: { !$0.isFinite }) {
      throw AudioError(source.url, "sample \(bad) is not a number; expected finite samples")
    }
    return samples
  }

  /// The header with the number of frames that decoding yields.
  func length() throws -> AudioInfo {
    if info.isExact { return info }
    try forEachBlock { _, _ in true }
    return info.with(frames: decoded, isExact: true)
  }

  private func checkLength(_ frames: Int) throws {
    guard frames <= AudioFile.mostFrames else {
      throw AudioError(
        source.url, "too long, \(frames) samples; expected at most \(AudioFile.mostFrames)")
    }
  }
}

extension SoundReader {
  private static func noSamples(_ source: SoundSource) -> AudioError {
    AudioError(source.url, "no samples; expected at least one")
  }

  /// The header of a decoder, before the first block. Throws if it is implausible.
  @discardableResult
  private static func check(
    _ decoder: any SoundDecoder, _ source: SoundSource, follows first: AudioInfo? = nil
  ) throws -> AudioInfo {
    try source.checkFailure()
    let header = decoder.header
    if decoder.promised == 0 { throw noSamples(source) }
    guard (1...1024).contains(header.channels) else {
      throw AudioError(source.url, "\(header.channels) channels; expected 1 to 1024")
    }
    guard (1_000...768_000).contains(header.sampleRate) else {
      throw AudioError(
        source.url, "sample rate \(header.sampleRate) Hz; expected 1000 to 768000 Hz")
    }
    if let first, first.sampleRate != header.sampleRate {
      let change = "from \(first.sampleRate) to \(header.sampleRate) Hz"
      throw AudioError(source.url, "sample rate changes \(change); expected one rate")
    }
    if let (claimed, present) = (decoder as? SndfileDecoder)?.missing {
      throw AudioError(
        source.url, "truncated, \(present) bytes of samples; expected \(claimed)")
    }
    return header
  }
}

/// Used by one thread.
protocol SoundDecoder: AnyObject {
  /// The header, before the first block and before plausibility checks.
  var header: AudioInfo { get }
  /// The number of frames in the header; nil if it does not state one.
  var promised: Int? { get }
  /// Passes on the next samples, interleaved, with the number of channels. False at the end.
  func next(_ take: (UnsafeBufferPointer<Float>, Int) throws -> Void) throws -> Bool
}

extension AudioInfo {
  func with(frames: Int, isExact: Bool) -> AudioInfo {
    AudioInfo(
      frames: frames, sampleRate: sampleRate, channels: channels, format: format, isExact: isExact)
  }
}

enum SoundFormat {
  /// The container and the encoding, as libsndfile names them.
  static func name(_ format: Int32) -> String {
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

  /// Bytes per sample; 0 if samples are packed in blocks.
  static func sampleSize(_ format: Int32) -> Int {
    switch Int(format) & SF_FORMAT_SUBMASK {
    case SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8, SF_FORMAT_ULAW, SF_FORMAT_ALAW: 1
    case SF_FORMAT_PCM_16: 2
    case SF_FORMAT_PCM_24: 3
    case SF_FORMAT_PCM_32, SF_FORMAT_FLOAT: 4
    case SF_FORMAT_DOUBLE: 8
    default: 0
    }
  }

  /// Whether the number of bytes equals the number of samples, so that the count cannot be wrong.
  static func isPlain(_ format: Int32) -> Bool {
    let container = Int(format) & SF_FORMAT_TYPEMASK
    return sampleSize(format) > 0 && container != SF_FORMAT_FLAC && container != SF_FORMAT_OGG
  }
}
