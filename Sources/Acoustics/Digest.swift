// Short fingerprints for cache keys: equal on every machine, unlike those of Swift's `Hasher`. They
// do not withstand an adversary.

/// FNV-1a, 64 bits (Fowler, Noll, Vo), over bytes or over whole words.
public struct FNV1a: Sendable, Equatable {
  public var value: UInt64 = 0xcbf2_9ce4_8422_2325

  @inlinable public init() {}

  /// Takes in a byte; or a word at once, which gives another value than its eight bytes do.
  @inlinable public mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0x0000_0100_0000_01b3
  }

  @inlinable public mutating func add(bytes: some Sequence<UInt8>) {
    for byte in bytes { add(UInt64(byte)) }
  }

  /// A number as 16 hexadecimal digits.
  public static func digits(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

public enum Digest {
  /// The FNV-1a hash of `bytes` as 16 hexadecimal digits.
  public static func hex(_ bytes: some Sequence<UInt8>) -> String {
    var hash = FNV1a()
    hash.add(bytes: bytes)
    return FNV1a.digits(hash.value)
  }
}
