// The checksum of TFRecords: CRC-32C (Castagnoli; RFC 3720, appendix B.4).

/// CRC-32C, eight bytes at a time.
package enum CRC32C {
  /// For each of eight places a table of 256 remainders.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      tables[byte] = (0..<8).reduce(UInt32(byte)) { sum, _ in
        sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1
      }
    }
    for place in 1..<8 {
      for byte in 0..<256 {
        let before = tables[(place - 1) * 256 + byte]
        tables[place * 256 + byte] = before >> 8 ^ tables[Int(before & 0xFF)]
      }
    }
    return tables
  }()

  package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    tables.withUnsafeBufferPointer { ~sum(of: bytes, $0) }
  }

  /// In bounds: indices into `tables` are bytes and a place below 8; `at` stays below the count.
  private static func sum(
    of bytes: UnsafeRawBufferPointer, _ tables: UnsafeBufferPointer<UInt32>
  ) -> UInt32 {
    var (sum, at) = (~UInt32(0), 0)
    while bytes.count - at >= 8 {
      let word =
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        ^ UInt64(sum)
      sum = 0
      for place in 0..<8 { sum ^= tables[(7 - place) * 256 + Int(word >> (8 * place) & 0xFF)] }
      at += 8
    }
    while at < bytes.count {
      sum = sum >> 8 ^ tables[Int((sum ^ UInt32(bytes[at])) & 0xFF)]
      at += 1
    }
    return sum
  }

  /// As TFRecords store it: rotated by 15 bits, plus a constant.
  package static func masked(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let sum = of(bytes)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }
}
