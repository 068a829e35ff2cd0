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
