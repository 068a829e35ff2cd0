// Little-endian numbers in byte arrays, index by index; no pointer is formed.

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
