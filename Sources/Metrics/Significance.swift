/// A paired sign-flip permutation test: do two methods differ over the same seeds? Its pairs must
/// be independent: one a seed. For one a (class, seed) take `CrossedTest`.
/// Source: Fisher 1935, The Design of Experiments, §21; Phipson, Smyth 2010,
/// doi:10.2202/1544-6115.1585 for the "+ 1" of the sampled version.
public struct SignFlipTest: Sendable, Equatable {
  /// Two-sided: the share of sign patterns whose mean is at least as far from 0.
  public let pValue: Double
  /// All 2ⁿ patterns were counted, or `draws` of them were drawn.
  public let isExact: Bool
  public let count: Int

  /// Up to this many pairs every pattern is counted (2¹⁶ of them).
  public static let exactLimit = 16

  /// Paired differences, such as one a seed. `nil` without any, or with one that is not finite.
  /// Deterministic: the same differences, draws and seed give the same value.
  public init?(_ differences: [Double], draws: Int = 20_000, seed: UInt64 = 0) {
    guard !differences.isEmpty, differences.allSatisfy(\.isFinite), draws > 0 else { return nil }
    count = differences.count
    isExact = count <= Self.exactLimit
    let magnitude = differences.reduce(0) { $0 + abs($1) }
    // Sums that differ by rounding alone are equal.
    let bar = abs(differences.reduce(0, +)) - 1e-12 * magnitude
    pValue =
      isExact
      ? Self.countAll(differences, reaching: bar)
      : Self.sample(differences, reaching: bar, draws: draws, seed: seed)
  }

  private static func countAll(_ differences: [Double], reaching bar: Double) -> Double {
    let patterns = 1 << differences.count
    var reached = 0
    for pattern in 0..<patterns {
      var sum = 0.0
      for (index, value) in differences.enumerated() {
        sum += pattern >> index & 1 == 1 ? -value : value
      }
      if abs(sum) >= bar { reached += 1 }
    }
    return Double(reached) / Double(patterns)
  }

  private static func sample(
    _ differences: [Double], reaching bar: Double, draws: Int, seed: UInt64
  ) -> Double {
    var signs = SplitMix(state: seed)
    var reached = 0
    for _ in 0..<draws {
      var sum = 0.0
      var bits: UInt64 = 0
      for (index, value) in differences.enumerated() {
        if index % 64 == 0 { bits = signs.next() }
        sum += bits & 1 == 1 ? -value : value
        bits >>= 1
      }
      if abs(sum) >= bar { reached += 1 }
    }
    return Double(reached + 1) / Double(draws + 1)
  }
}
