// Inputs that are the same in every language: element i needs no other element.
import Foundation

/// Numbers from SplitMix64 used as a counter, bit for bit those that other programs make for the
/// same comparison (Steele, Lea & Flood 2014, doi:10.1145/2714064.2660195).
public enum FixedData {
  /// 64 random bits of element `index`.
  public static func bits(_ seed: UInt64, _ index: Int) -> UInt64 {
    var z = seed &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in [0, 1), 24 bits: exact in Float.
  static func uniform(_ seed: UInt64, at index: Int) -> Float {
    Float(bits(seed, index) >> 40) * 0x1p-24
  }

  /// `count` uniform values in [0, 1).
  public static func uniform(_ seed: UInt64, _ count: Int) -> [Float] {
    (0..<count).map { uniform(seed, at: $0) }
  }

  /// `count` values of mean 0 and variance 1: the sum of four uniform ones.
  public static func normal(_ seed: UInt64, _ count: Int) -> [Float] {
    (0..<count).map { index in
      let sum = (4 * index..<4 * index + 4).reduce(0) { $0 + Double(uniform(seed, at: $1)) }
      return Float((sum - 2) * 3.0.squareRoot())
    }
  }

  /// `count` targets 0 or 1, with this share of ones.
  public static func targets(_ seed: UInt64, _ count: Int, share: Float = 0.1) -> [Float] {
    (0..<count).map { uniform(seed, at: $0) < share ? 1 : 0 }
  }

  /// A slow chirp with a little noise.
  public static func audio(seconds: Int = 60, rate: Int = 32_000) -> [Float] {
    (0..<seconds * rate).map { index in
      let i = Double(index)
      let noise = Float(0.1) * (uniform(3, at: index) - 0.5)
      return Float(0.3 * sin(0.05 * i * (1 + 1e-6 * i)) + Double(noise))
    }
  }

  /// Targets with 5 % ones and scores to rank them by: uniform, plus 0.3 where the target is 1.
  public static func scores(
    rows: Int = 20_000, classes: Int = 50
  ) -> (targets: [Float], scores: [Float]) {
    let targets = targets(21, rows * classes, share: 0.05)
    let scores = targets.indices.map { uniform(22, at: $0) + Float(0.3) * targets[$0] }
    return (targets, scores)
  }

  /// Rows of a classifier, class = row mod `classes`: 0.35 times the center of its class plus
  /// noise. `[rows, features]`.
  public static func svmClips(
    rows: Int = 3000, features: Int = 90, classes: Int = 20
  ) -> (values: [Float], classOf: [Int]) {
    let centers = normal(11, classes * features)
    let noise = normal(12, rows * features)
    let values = noise.indices.map { index in
      let (row, feature) = index.quotientAndRemainder(dividingBy: features)
      return Float(0.35) * centers[row % classes * features + feature] + noise[index]
    }
    return (values, (0..<rows).map { $0 % classes })
  }
}
