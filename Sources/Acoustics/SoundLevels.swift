import Foundation

/// The peak levels of a sound file, which reveal silence and channels that cancel each other.
public struct SoundLevels: Sendable, Equatable {
  /// The header, with the exact number of frames.
  public let info: AudioInfo
  /// The largest absolute sample of any channel.
  public let loudest: Float
  /// The largest absolute sample of the mean of the channels.
  public let mixed: Float

  /// Whether all channels stay below half a step of 16 bits.
  public var isSilent: Bool { loudest < 1 / 65_536 }

  /// Whether the mean of the channels is below a thousandth of the peak, as after a cable with
  /// inverted polarity.
  public var cancels: Bool { !isSilent && mixed < loudest / 1000 }
}

extension AudioFile {
  /// Decodes a file and measures its peak levels without keeping its samples.
  ///
  /// - Throws: ``AudioError``, as ``read(_:)``, but not for a file that is too long for memory.
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

  /// Decodes a file block by block, with only one block in memory.
  ///
  /// - Parameters:
  ///   - url: The file.
  ///   - take: Called with the mean of the channels of each block. Return false to stop.
  /// - Throws: ``AudioError``, also if the file is truncated and `take` reads to its end.
  public static func blocks(
    _ url: URL, _ take: (UnsafeBufferPointer<Float>) throws -> Bool
  ) throws {
    try SoundReader(url).forEachMonoBlock { mono, _ in try take(mono) }
  }
}
