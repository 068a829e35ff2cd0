// Archives of named members: PKWARE's APPNOTE 6.3, stored and deflated, with 64-bit sizes.

/// The members that the directory at the end of a ZIP file lists. Each must lie inside the file.
/// No two may share bytes, as in zip bombs.
package struct ZipArchive: Sendable {
  package struct Member: Sendable {
    package let name: String
    /// The type and permissions of Unix; 0 if the archive was made on another system.
    let mode: Int
    let isDeflated: Bool
    /// Compressed and uncompressed size in bytes.
    let packed, size: Int
    let checksum: UInt32
    /// The offsets of the local header and of the data after it.
    var header = 0
    var start = 0
  }

  package let source: any ByteSource
  package let members: [Member]

  private static let longestDirectory = 64 << 20

  /// Reads the directory. `volumes`: where each volume of an archive in several files begins in
  /// `source`, since offsets count from the beginning of a volume. Throws `Problem`.
  package init(_ source: any ByteSource, volumes: [Int] = [0]) throws {
    self.source = source
    let end = try DirectoryEnd(source, volumes)
    guard end.size <= Self.longestDirectory else {
      throw source.problem(
        "ZIP directory of \(end.size) bytes; expected at most \(Self.longestDirectory)")
    }
    let bytes = try source.bytes(at: end.offset, count: end.size, of: "ZIP directory")
    var cursor = Cursor(bytes, file: source.name, what: "ZIP directory")
    var members: [Member] = []
    var names: Set<String> = []
    while cursor.remaining > 0, members.count < end.entries {
      let member = try Self.placed(try Self.member(&cursor, volumes), source)
      guard names.insert(member.name).inserted else {
        throw source.problem("two members '\(member.name)'; expected one")
      }
      members.append(member)
    }
    guard members.count == end.entries else {
      throw source.problem("\(members.count) members; expected \(end.entries)")
    }
    try Self.checkOverlap(members, source)
    self.members = members
  }

  /// The bytes of a member. A deflated member is inflated and its checksum compared; a stored one
  /// is read from the file in parts.
  package func contents(of member: Member) throws -> any ByteSource {
    let what = "member '\(member.name)'"
    let section = try source.section(at: member.start, count: member.packed, of: what)
    guard member.isDeflated else { return section }
    let bytes = try Inflate.bytes(section, .none, size: member.size, of: what)
    guard Formats.checksum(bytes) == member.checksum else {
      throw source.problem("\(what) has a wrong checksum; expected undamaged data")
    }
    return MemoryBytes(name: source.name, content: bytes)
  }
}

extension ZipArchive {
  /// One entry of the directory.
  private static func member(_ cursor: inout Cursor, _ volumes: [Int]) throws -> Member {
    try cursor.expect("PK\u{1}\u{2}")
    let isUnix = try cursor.number(2) >> 8 == 3
    try cursor.skip(2)
    let (flags, method) = (try cursor.number(2), try cursor.number(2))
    try cursor.skip(4)
    let checksum = UInt32(try cursor.number(4))
    var (packed, size) = (try cursor.number(4), try cursor.number(4))
    let (nameLength, extraLength) = (try cursor.number(2), try cursor.number(2))
    let commentLength = try cursor.number(2)
    var volume = try cursor.number(2)
    try cursor.skip(2)
    let attributes = try cursor.number(4)
    var header = try cursor.number(4)
    let name = try cursor.text(nameLength)
    let extra = Cursor(try cursor.take(extraLength), file: cursor.file, what: "ZIP directory")
    try cursor.skip(commentLength)
    try widen(&size, &packed, &header, &volume, extra)
    try checkPacking(name, flags, method, packed: packed, size: size, cursor)
    let start = try Self.start(of: volume, volumes, cursor)
    return Member(
      name: name, mode: isUnix ? attributes >> 16 : 0, isDeflated: method == 8, packed: packed,
      size: size, checksum: checksum, header: clamped(start, header))
  }

  private static func checkPacking(
    _ name: String, _ flags: Int, _ method: Int, packed: Int, size: Int, _ cursor: Cursor
  ) throws {
    guard flags & 1 == 0, method == 0 || method == 8 else {
      throw cursor.problem("has '\(name)' encrypted or packed by method \(method); expected 0 or 8")
    }
    guard method == 8 || packed == size else {
      throw cursor.problem("has '\(name)' stored in \(packed) bytes; expected \(size)")
    }
  }

  /// The sum of two offsets; one beyond every file stays there.
  private static func clamped(_ start: Int, _ offset: Int) -> Int {
    let (sum, isTooLarge) = start.addingReportingOverflow(offset)
    return isTooLarge ? .max : sum
  }

  /// Where a volume begins. A file alone is volume 0, whatever number the archive gives it.
  private static func start(of volume: Int, _ volumes: [Int], _ cursor: Cursor) throws -> Int {
    guard volumes.count > 1 else { return 0 }
    guard volumes.indices.contains(volume) else {
      throw cursor.problem("names volume \(volume + 1); expected one of \(volumes.count)")
    }
    return volumes[volume]
  }

  /// Replaces sizes that do not fit into 32 bits by those in the ZIP64 field.
  private static func widen(
    _ size: inout Int, _ packed: inout Int, _ header: inout Int, _ volume: inout Int,
    _ extra: Cursor
  ) throws {
    var extra = extra
    let full = Int(UInt32.max)
    while extra.remaining >= 4 {
      let (tag, length) = (try extra.number(2), try extra.number(2))
      guard tag == 1 else {
        try extra.skip(length)
        continue
      }
      if size == full { size = try extra.number(8) }
      if packed == full { packed = try extra.number(8) }
      if header == full { header = try extra.number(8) }
      if volume == Int(UInt16.max) { volume = try extra.number(4) }
      return
    }
  }

  /// The member with the offset of its data, which follows from its local header.
  private static func placed(_ member: Member, _ source: any ByteSource) throws -> Member {
    let what = "header of '\(member.name)'"
    let bytes = try source.bytes(at: member.header, count: 30, of: what)
    var cursor = Cursor(bytes, file: source.name, what: what)
    try cursor.expect("PK\u{3}\u{4}")
    try cursor.skip(22)
    var placed = member
    placed.start = member.header + 30 + (try cursor.number(2)) + (try cursor.number(2))
    _ = try source.section(at: placed.start, count: member.packed, of: "member '\(member.name)'")
    return placed
  }

  private static func checkOverlap(_ members: [Member], _ source: any ByteSource) throws {
    var end = 0
    for member in members.sorted(by: { $0.header < $1.header }) {
      guard member.header >= end else {
        throw source.problem("member '\(member.name)' overlaps another; expected its own bytes")
      }
      end = member.start + member.packed
    }
  }

  /// The record at the end of a ZIP file, with the place of the directory.
  private struct DirectoryEnd {
    let entries, size, offset: Int

    init(_ source: any ByteSource, _ volumes: [Int]) throws {
      let start = max(0, source.count - 22 - 65_535)
      let tail = try source.fetch(start..<source.count)
      let places = stride(from: tail.count - 22, through: 0, by: -1)
      let found = places.first { place in
        tail[place..<place + 4].elementsEqual([0x50, 0x4b, 5, 6])
          && Int(tail.integer(at: place + 20, as: UInt16.self)) == tail.count - place - 22
      }
      guard let found else {
        throw source.problem("ZIP file without a directory; expected one at its end")
      }
      let entries = Int(tail.integer(at: found + 10, as: UInt16.self))
      let size = Int(tail.integer(at: found + 12, as: UInt32.self))
      let offset = Int(tail.integer(at: found + 16, as: UInt32.self))
      let isWide = entries == 0xffff || size == UInt32.max || offset == UInt32.max
      let volume = Int(tail.integer(at: found + 6, as: UInt16.self))
      let first = volumes.indices.contains(volume) ? volumes[volume] : 0
      (self.entries, self.size, self.offset) =
        isWide
        ? try Self.wide(source, volumes, before: start + found)
        : (entries, size, first + offset)
    }

    /// The same from the ZIP64 record, whose pointer lies right before this one.
    private static func wide(
      _ source: any ByteSource, _ volumes: [Int], before end: Int
    ) throws -> (entries: Int, size: Int, offset: Int) {
      let what = "ZIP64 directory"
      let pointer = try source.bytes(at: end - 20, count: 20, of: what)
      var cursor = Cursor(pointer, file: source.name, what: what)
      try cursor.expect("PK\u{6}\u{7}")
      let home = try ZipArchive.start(of: try cursor.number(4), volumes, cursor)
      let record = try source.bytes(
        at: ZipArchive.clamped(home, try cursor.number(8)), count: 56, of: what)
      cursor = Cursor(record, file: source.name, what: what)
      try cursor.expect("PK\u{6}\u{6}")
      try cursor.skip(16)
      let first = try ZipArchive.start(of: try cursor.number(4), volumes, cursor)
      try cursor.skip(8)
      let (entries, size) = (try cursor.number(8), try cursor.number(8))
      return (entries, size, ZipArchive.clamped(first, try cursor.number(8)))
    }
  }
}
