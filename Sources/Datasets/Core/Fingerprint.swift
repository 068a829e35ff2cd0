// A 64-bit fingerprint of bytes, for cache keys: quick, stable over machines, no defence against
// forgers.
import Acoustics

/// FNV-1a over 64-bit words, mixed at the end. Fowler, Noll & Vo; finalizer of MurmurHash3.
struct Fingerprint: Sendable, Equatable {
  private var hash = FNV1a()

  init() {}

  init(of bytes: [UInt8]) { add(bytes) }

  init(of text: String) { add(Array(text.utf8)) }

  /// Length first, so that no two sequences of additions look alike.
  mutating func add(_ bytes: [UInt8]) {
    add(UInt64(bytes.count))
    add(words: bytes[...])
  }

  /// Bytes without their number: a piece of a longer sequence, of a length that 8 divides unless it
  /// is the last.
  mutating func add(words bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { raw in
      var i = 0
      while i + 8 <= raw.count {
        // In bounds: eight bytes from `i` on are there.
        add(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: i, as: UInt64.self)))
        i += 8
      }
      while i < raw.count {
        add(UInt64(raw[i]))
        i += 1
      }
    }
  }

  mutating func add(_ word: UInt64) {
    hash.add(word)
    hash.value ^= hash.value >> 29
  }

  func adding(_ text: String) -> Fingerprint {
    var longer = self
    longer.add(Array(text.utf8))
    return longer
  }

  var value: UInt64 {
    var z = hash.value
    z = (z ^ (z >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    z = (z ^ (z >> 33)) &* 0xC4CE_B9FE_1A85_EC53
    return z ^ (z >> 33)
  }

  /// 16 hexadecimal digits.
  var text: String { Fingerprint.text(value) }

  static func text(_ value: UInt64) -> String { FNV1a.digits(value) }
}
