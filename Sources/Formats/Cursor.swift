// Reads the fields of a binary record one by one.

/// A position in bytes that were fetched. Reading past their end throws `Problem`.
package struct Cursor {
  package let file: String
  /// Names the bytes in errors.
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

  /// An unsigned little-endian number of `width` bytes, 0 to 8. A number that exceeds `Int` becomes
  /// `Int.max`, which is beyond the end of every file.
  package mutating func number(_ width: Int) throws -> Int {
    var value: UInt64 = 0
    for (index, byte) in try take(width).enumerated() where index < 8 {
      value |= UInt64(byte) << UInt64(8 * index)
    }
    return Int(clamping: value)
  }

  package mutating func take(_ count: Int) throws -> [UInt8] {
    let start = position
    try skip(count)
    return Array(bytes[start..<position])
  }

  package mutating func skip(_ count: Int) throws {
    guard count >= 0, count <= remaining else {
      throw problem("ends within a field; expected \(count) more bytes, not \(remaining)")
    }
    position += count
  }

  package mutating func expect(_ signature: String) throws {
    guard try take(signature.utf8.count) == Array(signature.utf8) else {
      throw problem("has a wrong signature; expected \(signature.debugDescription)")
    }
  }

  /// Text of `count` bytes, up to the first NUL.
  package mutating func text(_ count: Int) throws -> String {
    String(decoding: try take(count).prefix { $0 != 0 }, as: UTF8.self)
  }

  package func problem(_ message: String) -> Problem {
    Problem(file, "\(what) \(message)")
  }
}

extension Array where Element == UInt8 {
  /// The little-endian integer at `offset`; all its bytes must exist.
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
