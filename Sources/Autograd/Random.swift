import Foundation

/// A stream of random numbers as a value: same seed and path, same numbers, on every machine.
/// xoshiro256** seeded through SplitMix64 (Blackman & Vigna 2021, doi:10.1145/3460772).
public struct Generator: RandomNumberGenerator, Codable, Sendable, Hashable {
  private var state: [UInt64]

  /// `path` separates streams: `Generator(seed: 1, 2, 17)` shares no draw with `(seed: 1, 2, 18)`.
  public init(seed: Int, _ path: Int...) {
    var mixer = SplitMix64(state: UInt64(bitPattern: Int64(seed)))
    for part in path {
      mixer = SplitMix64(state: mixer.next() ^ (UInt64(bitPattern: Int64(part)) &* 0x9E37_79B9))
    }
    state = (0..<4).map { _ in mixer.next() }
  }

  public mutating func next() -> UInt64 {
    let result = rotate(state[1] &* 5, by: 7) &* 9
    let shifted = state[1] << 17
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = rotate(state[3], by: 45)
    return result
  }

  /// Uniform in [0, 1), 53 bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in [low, high).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// Uniform in 0..<count.
  public mutating func index(below count: Int) -> Int { Int(uniform() * Double(count)) }

  /// Normal by Box and Muller; two draws each, so that the stream's position is predictable.
  public mutating func normal(mean: Double = 0, std: Double = 1) -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return mean + std * radius * cos(2 * .pi * uniform())
  }
}

private func rotate(_ x: UInt64, by k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }

private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A generator passed by reference: what layers draw from during one training. Never global.
public final class RandomSource {
  public var generator: Generator
  public init(_ generator: Generator) { self.generator = generator }
}
