// A short fingerprint for cache keys; not meant to withstand an adversary.

/// FNV-1a, 64 bits (Fowler, Noll, Vo): equal on every machine, unlike Swift's `Hasher`.
public enum Digest {
  /// The hash of `bytes` as 16 hexadecimal digits.
  public static func hex(_ bytes: some Sequence<UInt8>) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
