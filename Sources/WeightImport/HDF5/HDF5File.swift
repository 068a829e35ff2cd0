// An HDF5 file: its superblock, and metadata with a limit on the bytes read.
import Formats
import Synchronization

/// An HDF5 file as h5py and Keras write it; see `Documentation/Decisions`. Format: HDF5 File Format
/// Specification 3.0; comments give its sections as §.
final class HDF5File: Sendable {
  static let signature: [UInt8] = [0x89] + Array("HDF\r\n\u{1a}\n".utf8)
  /// The undefined address: all bits set.
  static let nowhere = Int.max

  let source: any ByteSource
  /// The address of the root group's object header.
  let root: Int

  /// The bytes of metadata that may still be read, so that circular or repeated references end in
  /// an error soon.
  private let budget: Mutex<Int>
  private static let allowance = 64 << 20

  /// The offset of the superblock: 0, or after a user block of 512 bytes times a power of two,
  /// which MATLAB writes. Nil if there is none.
  static func start(_ source: any ByteSource) throws -> Int? {
    var place = 0
    while place <= source.count - signature.count {
      if try source.fetch(place..<place + signature.count) == signature { return place }
      // A file's size bounds it.
      place = place == 0 ? 512 : 2 * place
    }
    return nil
  }

  /// Reads the superblock, version 0 to 3 (§II.A). Throws `Problem`.
  init(_ file: any ByteSource) throws {
    guard let start = try Self.start(file) else {
      throw file.problem("not an HDF5 file; expected its signature at byte 0")
    }
    // Addresses are relative to the superblock.
    source =
      start == 0
      ? file : try file.section(at: start, count: file.count - start, of: "HDF5 superblock")
    budget = Mutex(Self.allowance)
    let bytes = try source.fetch(0..<min(100, source.count))
    var cursor = Cursor(bytes, file: source.name, what: "HDF5 superblock")
    try cursor.skip(Self.signature.count)
    let version = try cursor.number(1)
    guard version <= 3 else {
      throw source.problem("HDF5 superblock \(version); expected version 0 to 3")
    }
    try cursor.skip(version < 2 ? 4 : 0)
    let widths = (try cursor.number(1), try cursor.number(1))
    guard widths == (8, 8) else {
      throw source.problem(
        "HDF5 offsets of \(widths.0) and lengths of \(widths.1) bytes; expected 8")
    }
    // Flags; before version 2 also the sizes of B-tree nodes, which the nodes repeat.
    try cursor.skip(version < 2 ? 9 + (version == 1 ? 4 : 0) : 1)
    guard try cursor.number(8) == start else {
      throw source.problem("HDF5 base address is not \(start); expected the superblock's place")
    }
    // Extension or free space, end of file; before version 2 also driver and the root's name.
    try cursor.skip(version < 2 ? 32 : 16)
    root = try cursor.number(8)
  }

  /// Bytes of metadata at an address, which count towards the limit.
  func metadata(at address: Int, count: Int, of what: String) throws -> Cursor {
    let isPaid = budget.withLock { left in
      // A small record costs at least as much as looking it up.
      left -= min(max(count, 64), Self.allowance)
      return left >= 0
    }
    guard isPaid else {
      throw source.problem("HDF5 metadata is circular; expected each part once")
    }
    let bytes = try source.bytes(at: address, count: count, of: what)
    return Cursor(bytes, file: source.name, what: what)
  }

  /// The same for a record of unknown length: up to `count` bytes.
  func metadata(at address: Int, upTo count: Int, of what: String) throws -> Cursor {
    guard address >= 0, address <= source.count else {
      return try metadata(at: address, count: count, of: what)
    }
    return try metadata(at: address, count: min(count, source.count - address), of: what)
  }
}
