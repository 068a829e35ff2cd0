// Fields of a binary record, one after another, each checked to exist.

/// Walks over bytes already fetched. Every read past their end is one clear error.
package struct Cursor {
  package let file: String
  /// What the bytes are, for errors.
  package let what: String
  private let bytes: [UInt8]
  package private(set) var position: Int

  package init(_ bytes: [UInt8], file: String, what: String, position: Int = 0) {
    self.bytes = bytes
    self.file = file
    self.what = what
    self.position = position
  }

  package var remaining: Int { bytes.count - position }

  /// An unsigned little-endian number of `width` bytes, 0 to 8. One that exceeds `Int` becomes
  /// `Int.max`, which lies beyond the end of every file.
  package mutating func number(_ width: Int) throws -> Int {
    var value: UInt64 = 0
    for (index, byte) in try take(width).enumerated() where index < 8 {
      value |= UInt64(byte) << UInt64(8 * index)
    }
    return Int(clamping: value)
  }

  package mutating func take(_ count: Int) throws -> [UInt8] {
    guard count >= 0, count <= remaining else {
      throw problem("ends within a field; expected \(count) more bytes, not \(remaining)")
    }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  package mutating func skip(_ count: Int) throws {
    guard count >= 0, count <= remaining else {
      throw problem("ends within a field; expected \(count) more bytes, not \(remaining)")
    }
    position += count
  }

  package mutating func expect(_ signature: String) throws {
    guard try take(signature.utf8.count) == Array(signature.utf8) else {
      throw problem("has another signature; expected \(signature.debugDescription)")
    }
  }

  /// Text of `count` bytes, without the NULs (or what follows them) at its end.
  package mutating func text(_ count: Int) throws -> String {
    String(decoding: try take(count).prefix { $0 != 0 }, as: UTF8.self)
  }

  package func problem(_ message: String) -> Problem {
    Problem(file, "\(what) \(message)")
  }
}

extension Array where Element == UInt8 {
  /// The integer whose lowest byte is at `offset`; all its bytes must exist.
  package func integer<T: FixedWidthInteger>(at offset: Int, as type: T.Type) -> T {
    var value: T = 0
    for byte in 0..<(T.bitWidth / 8) {
      value |= T(truncatingIfNeeded: self[offset + byte]) << T(8 * byte)
    }
    return value
  }

  package mutating func append<T: FixedWidthInteger>(littleEndian value: T) {
    for byte in 0..<(T.bitWidth / 8) {
      append(UInt8(truncatingIfNeeded: value >> T(8 * byte)))
    }
  }
}
