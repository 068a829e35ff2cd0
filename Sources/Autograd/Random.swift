import Foundation

/// A random number generator as a value: the same seed and path give the same numbers on every
/// machine.
///
/// The algorithm is xoshiro256**, seeded by SplitMix64 (Blackman & Vigna 2021,
/// doi:10.1145/3460772).
///
/// ```swift
/// var generator = Generator(seed: 1, 2)
/// let draw = generator.uniform(-1, 1)
/// ```
public struct Generator: RandomNumberGenerator, Codable, Sendable, Hashable {
  private var state: [UInt64]

  /// A generator for one stream of `seed`. Different paths give independent streams:
  /// `Generator(seed: 1, 2, 17)` shares no draw with `Generator(seed: 1, 2, 18)`.
  public init(seed: Int, _ path: Int...) {
    var mixer = SplitMix64(state: UInt64(bitPattern: Int64(seed)))
    for part in path {
      mixer = SplitMix64(state: mixer.next() ^ (UInt64(bitPattern: Int64(part)) &* 0x9E37_79B9))
    }
    state = (0..<4).map { _ in mixer.next() }
  }

  /// 64 random bits.
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

  /// A uniform draw from [0, 1) with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A uniform draw from [low, high).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// A uniform draw from 0..<count.
  public mutating func index(below count: Int) -> Int { Int(uniform() * Double(count)) }

  /// The Fisher–Yates shuffle; that of the standard library may change between versions.
  package mutating func shuffle<Element>(_ elements: inout [Element]) {
    for i in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(i, index(below: i + 1))
    }
  }

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

/// A generator passed by reference: layers draw from it during a training run. There is no global
/// one.
public final class RandomSource {
  /// The generator; every draw advances it.
  public var generator: Generator
  /// A source that starts at the position of `generator`.
  public init(_ generator: Generator) { self.generator = generator }
}
