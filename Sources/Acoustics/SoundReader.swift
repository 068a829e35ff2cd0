// One sound file from its header to its last sample: plausibility, blocks, mono mix.
import Foundation

/// Used by one thread from opening to closing.
final class SoundReader {
  /// Before decoding: what the headers say, all parts of the file together.
  let info: AudioInfo
  private let source: SoundSource
  private let decoders: [any SoundDecoder]
  /// Frames given so far.
  private var decoded = 0

  init(_ url: URL) throws {
    source = try SoundSource(url)
    let decoders = try SoundPart.all(source).map { try $0.open() }
    self.decoders = decoders
    let first = decoders[0].header
    info = first.with(
      frames: decoders.reduce(0) { $0 + $1.header.frames },
      isExact: decoders.allSatisfy { $0.header.isExact })
    try source.checkFailure()
    try checkHeader()
  }

  /// Every block of interleaved samples with its number of channels, until `take` returns false.
  /// Throws where the sound ends before its header says.
  func forEachBlock(_ take: (UnsafeBufferPointer<Float>, Int) throws -> Bool) throws {
    for decoder in decoders {
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
    if decoded == 0 { throw noSamples() }
  }

  /// The same with the mean of the channels first, then all of them.
  func forEachMonoBlock(
    _ take: (UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>) throws -> Bool
  ) throws {
    var mean = MonoBlock()
    try forEachBlock { block, channels in
      try mean.mean(block, channels) { try take($0, block) }
    }
  }

  /// Every sample, channels averaged.
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

  /// The header with the number of frames that decoding gives.
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

  private func noSamples() -> AudioError {
    AudioError(source.url, "no samples; expected at least one")
  }
}

extension SoundReader {
  private func checkHeader() throws {
    if decoders.allSatisfy({ $0.promised == 0 }) { throw noSamples() }
    guard (1...1024).contains(info.channels) else {
      throw AudioError(source.url, "\(info.channels) channels; expected 1 to 1024")
    }
    guard (1_000...768_000).contains(info.sampleRate) else {
      throw AudioError(
        source.url, "sample rate \(info.sampleRate) Hz; expected 1000 to 768000 Hz")
    }
    for decoder in decoders where decoder.header.sampleRate != info.sampleRate {
      let change = "from \(info.sampleRate) to \(decoder.header.sampleRate) Hz"
      throw AudioError(source.url, "sample rate changes \(change); expected one rate")
    }
    for case let decoder as SndfileDecoder in decoders {
      guard let (claimed, present) = decoder.missing else { continue }
      throw AudioError(
        source.url, "truncated, \(present) bytes of samples; expected \(claimed)")
    }
  }
}
