// Numbers for tests: the same on every machine.

/// SplitMix64, with uniform and normal values.
struct Draw {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ n: Int) -> Int { Int(next() >> 33) % n }

  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Sum of twelve uniform values, close enough to normal.
  mutating func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }
}
