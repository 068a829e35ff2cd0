// A view of a file for a decoder: ranges of the file in a row, with some bytes corrected.
import Foundation

/// It reads like a file. One decoder, and so one thread, uses it.
final class SoundView {
  enum Piece {
    case file(Range<Int>)
    case bytes([UInt8])

    var count: Int {
      switch self {
      case .file(let range): range.count
      case .bytes(let bytes): bytes.count
      }
    }
  }

  let source: SoundSource
  let length: Int
  private(set) var position = 0
  private let pieces: [Piece]
  /// The start of each range.
  private let starts: [Int]
  private var current = 0

  init(_ source: SoundSource, _ pieces: [Piece]) {
    self.source = source
    self.pieces = pieces.filter { $0.count > 0 }
    var starts: [Int] = []
    var length = 0
    for piece in self.pieces {
      starts.append(length)
      length += piece.count
    }
    self.starts = starts
    self.length = length
  }

  /// The number of bytes copied; 0 at the end, -1 after a system error.
  func read(_ target: UnsafeMutableRawPointer, _ count: Int) -> Int {
    var done = 0
    while done < count, position < length {
      findPiece()
      let offset = position - starts[current]
      let share = min(count - done, pieces[current].count - offset)
      let got: Int
      switch pieces[current] {
      case .file(let range):
        got = source.read(target + done, share, at: range.lowerBound + offset)
      case .bytes(let bytes):
        let slot = UnsafeMutableRawBufferPointer(start: target + done, count: share)
        slot.copyBytes(from: bytes[offset..<offset + share])
        got = share
      }
      done += got
      position += got
      if got < share { break }
    }
    return source.failure == nil ? done : -1
  }

  /// Returns the new position; `origin` is SEEK_SET, SEEK_CUR or SEEK_END.
  func seek(_ offset: Int, _ origin: Int32) -> Int {
    let base = origin == SEEK_SET ? 0 : origin == SEEK_CUR ? position : length
    position = max(0, min(length, base.addingReportingOverflow(offset).partialValue))
    return position
  }

  private func findPiece() {
    while position < starts[current] { current -= 1 }
    while position >= starts[current] + pieces[current].count { current += 1 }
  }
}

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
