/// Paired sign flips and the spread of a results table.
import Metrics
import Testing

@Suite struct SignificanceTests {
  @Test func fiveAgreeingPairsReachOneSixteenth() throws {
    let test = try #require(SignFlipTest([0.1, 0.2, 0.15, 0.12, 0.3]))
    #expect(test.isExact && test.pValue == 2.0 / 32)
    #expect(SignFlipTest([-0.1, -0.2, -0.15, -0.12, -0.3])?.pValue == 2.0 / 32)
  }

  @Test func noDifferenceIsNoEvidence() {
    #expect(SignFlipTest([0, 0, 0])?.pValue == 1)
    #expect(SignFlipTest([1, -1])?.pValue == 1)
  }

  @Test func equalSumsCountDespiteRounding() {
    // Of 8 patterns, six have a sum of ±0.3 − 0.1 and the like; ±0.6 is reached twice.
    #expect(SignFlipTest([0.1, 0.2, 0.3])?.pValue == 2.0 / 8)
    // 0.1 + 0.2 − 0.3 is 5.6e-17, not 0: still every pattern reaches it.
    #expect(SignFlipTest([0.1, 0.2, -0.3])?.pValue == 1)
  }

  @Test func manyPairsAreSampledDeterministically() throws {
    let differences = (0..<40).map { Double($0 % 5) - 1.5 }
    let test = try #require(SignFlipTest(differences))
    #expect(!test.isExact && test == SignFlipTest(differences))
    // Sum 20, deviation √(8 · (2.25 + .25 + .25 + 2.25 + 6.25)) ≈ 9.49: z ≈ 2.1, p ≈ 0.035.
    #expect(test.pValue > 0.02 && test.pValue < 0.06)
  }

  @Test func withoutPairsThereIsNoTest() {
    #expect(SignFlipTest([]) == nil && SignFlipTest([.nan, 1]) == nil)
  }

  @Test func spreadIsTheSampleDeviation() throws {
    let spread = try #require(Spread([2, 4, 4, 4, 5, 5, 7, 9]))
    #expect(spread.mean == 5 && spread.count == 8)
    #expect(abs(try #require(spread.deviation) - (32.0 / 7).squareRoot()) < 1e-15)
    #expect(Spread([3])?.deviation == nil && Spread([]) == nil)
  }
}
