/// SplitMix64, a random number generator that gives the same numbers on every machine
/// (Steele, Lea & Flood 2014, doi:10.1145/2714064.2660195). `Autograd` seeds its generator with the
/// same algorithm; this target imports nothing, so that scores can be used alone.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A uniform draw from 0..<count, as the high half of a product. `count` is positive and far
  /// below 2⁶⁴.
  mutating func below(_ count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }
}
