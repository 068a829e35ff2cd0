// How loud a sound file is, before and after its channels become one.
import Foundation

/// Tells silence, and channels that cancel each other, without keeping the samples.
public struct SoundLevels: Sendable, Equatable {
  public let info: AudioInfo
  /// The largest absolute sample of any channel.
  public let loudest: Float
  /// The largest absolute sample of the mean of the channels.
  public let mixed: Float

  /// True where no channel reaches half a step of 16 bits.
  public var isSilent: Bool { loudest < 1 / 65_536 }

  /// True where the mean of the channels is below a thousandth of the loudest: what a lead wired
  /// the wrong way round leaves.
  public var cancels: Bool { !isSilent && mixed < loudest / 1000 }
}

extension AudioFile {
  /// Decodes all of `url`. Throws `AudioError` where `read` would, except for a length that only
  /// memory limits.
  public static func levels(_ url: URL) throws -> SoundLevels {
    let reader = try SoundReader(url)
    var loudest: Float = 0
    var mixed: Float = 0
    var frames = 0
    try reader.forEachMonoBlock { mono, block in
      if let bad = mono.firstIndex(where: { !$0.isFinite }) {
        throw AudioError(
          url, "sample \(frames + bad) is not a number; expected finite samples")
      }
      loudest = block.reduce(loudest) { max($0, abs($1)) }
      mixed = mono.reduce(mixed) { max($0, abs($1)) }
      frames += mono.count
      return true
    }
    return SoundLevels(
      info: reader.info.with(frames: frames, isExact: true), loudest: loudest, mixed: mixed)
  }

  /// Gives the mean of the channels block by block, until `take` returns false: no more than one
  /// block is in memory. Throws `AudioError`, also for a truncated file read to its end.
  public static func blocks(
    _ url: URL, _ take: (UnsafeBufferPointer<Float>) throws -> Bool
  ) throws {
    try SoundReader(url).forEachMonoBlock { mono, _ in try take(mono) }
  }
}
