// A file that another program is still writing: whole records are read, a part at the end is left
// for the next look.
import Foundation

/// What became of bytes that were offered.
package enum Taken: Sendable, Equatable {
  /// So many are done with; more than were offered if a record is skipped without being read.
  case bytes(Int)
  /// A record begins that needs more bytes than were offered.
  case more
  /// The record that begins is longer than the file is now.
  case later
  /// Nothing more can be read.
  case over
}

/// Takes records from the front of bytes.
package protocol RecordTaker {
  /// Takes whole records. `left`: bytes up to the present end of the file, these ones included.
  mutating func take(_ bytes: UnsafeRawBufferPointer, left: Int) -> Taken
}

/// A position in a growing file. Memory stays bounded by the largest record that is read.
package struct GrowingFile: Sendable {
  package let url: URL
  /// Bytes that are done with.
  package private(set) var offset = 0
  private var inode: UInt64?
  /// Its first bytes as they were read, by which a file that is written anew is known.
  private var head: [UInt8] = []
  /// Whether the rest cannot be read.
  private var isOver = false

  private static let piece = 1 << 20, headSize = 256
  /// The longest record that is held in memory.
  package static let longest = 16 << 20

  package init(_ url: URL) { self.url = url }

  /// Whether it is another file now, or begins with other bytes, or has become shorter: what was
  /// read of it does not count any more. Throws `Problem`.
  package func isReplaced() throws -> Bool {
    guard let inode, let status = try StoredFile.status(url) else { return false }
    guard inode == UInt64(status.st_ino), Int(status.st_size) >= offset else { return true }
    guard Int(status.st_size) > offset, !head.isEmpty else { return false }
    let file = try OpenFile(url)
    guard file.count >= head.count else { return true }
    return try file.fetch(0..<head.count) != head
  }

  /// Reads at most about `limit` bytes of what is new.
  ///
  /// - Returns: Whether there may be more to read at once. Throws `Problem`.
  package mutating func readOn(_ taker: inout some RecordTaker, limit: Int) throws -> Bool {
    guard !isOver, let status = try StoredFile.status(url) else { return false }
    inode = UInt64(status.st_ino)
    guard Int(status.st_size) > offset else { return false }
    let file = try OpenFile(url)
    let goal = offset + limit
    var window = Self.piece
    while offset < file.count, offset < goal {
      let end = min(file.count, offset + window)
      let bytes = try file.fetch(offset..<end)
      if offset == 0 { head = Array(bytes.prefix(Self.headSize)) }
      let left = file.count - offset
      switch bytes.withUnsafeBytes({ taker.take($0, left: left) }) {
      case .bytes(let count) where count > 0:
        offset += min(count, left)
        if offset < head.count { head.removeSubrange(offset...) }
        window = Self.piece
      case .over:
        isOver = true
        return false
      case .more where end < file.count && window <= Self.longest: window *= 2
      case .bytes, .more, .later: return false
      }
    }
    return offset < file.count
  }
}
