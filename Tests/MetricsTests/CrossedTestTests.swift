/// The test of tables: known values, and how often it errs when nothing is different.
import Metrics
import Testing

@Suite struct CrossedTestTests {
  @Test func oneDifferencePerSeedIsThePairedTTest() throws {
    // SciPy's ttest_1samp.
    let test = try #require(CrossedTest([[0.1], [0.2], [0.15], [0.12], [0.3]]))
    #expect(abs(test.mean - 0.174) < 1e-15 && test.degreesOfFreedom == 4)
    #expect(abs(test.mean / test.standardError - 4.871064845315933) < 1e-9)
    #expect(abs(test.pValue - 0.008213374754743048) < 1e-9)
    #expect(test.seeds == 5 && test.classes == 1)
  }

  @Test func oneSeedIsTheTTestOverClasses() throws {
    let row: [Double?] = [0.1, nil, 0.2, 0.15, 0.12, 0.3]
    let test = try #require(CrossedTest([row]))
    #expect(abs(test.pValue - 0.008213374754743048) < 1e-9)
    #expect(test.seeds == 1 && test.classes == 5)
  }

  @Test func crossedVarianceIsTheSumMinusTheCells() throws {
    let test = try #require(CrossedTest([[1, 0, 2], [2, 3, 4]]))
    // Mean 2; e = [−1 −2 0; 0 1 2]. Seeds: 2 · (9 + 9) / 36 = 1; classes:
    // 1.5 · (1 + 1 + 4) / 36 = 0.25; cells: 1.2 · 10 / 36 = 1/3; V = 0.91667 < 1: 1 stands.
    #expect(test.mean == 2 && test.standardError == 1 && test.degreesOfFreedom == 1)
    // t = 2 with one degree of freedom: 1 − 2 atan(2) / π.
    #expect(abs(test.pValue - 0.29516723530086653) < 1e-12)
  }

  @Test func equalDifferencesAreJudgedByTheirSigns() {
    #expect(CrossedTest([[-0.25, -0.25]])?.pValue == 0.5)
    #expect(CrossedTest(Array(repeating: [0.5, 0.5, 0.5, 0.5], count: 3))?.pValue == 0.25)
  }

  @Test func equalMethodsAreNotSignificant() {
    #expect(CrossedTest([[0, 0], [0, 0]])?.pValue == 1)
    #expect(CrossedTest([[0.1, -0.1], [-0.1, 0.1]])?.pValue == 1)
    #expect(CrossedTest([[0.1]]) == nil && CrossedTest([]) == nil)
    #expect(CrossedTest([[.nan, 1], [1, 2]]) == nil)
    #expect(CrossedTest([[nil, 1], [nil, nil]]) == nil)
  }

  /// Nothing is different, but seeds and classes have effects of their own. Single cells taken as
  /// independent would cry wolf in half of such tables; this one must stay near its 5 %.
  @Test(arguments: [(0.0, 0.0), (1, 0), (0, 1), (1, 1), (1, 0.4)])
  func falsePositiveRateIsNominal(ofSeeds: Double, ofClasses: Double) {
    var draw = Draw(state: 77)
    let tables = 1500
    var crossed = 0
    var naive = 0
    for _ in 0..<tables {
      let rows = table(&draw, ofSeeds, ofClasses)
      if let test = CrossedTest(rows), test.pValue < 0.05 { crossed += 1 }
      let cells = rows.flatMap { $0 }.map { [$0] }
      if let test = CrossedTest(cells), test.pValue < 0.05 { naive += 1 }
    }
    let size = Double(crossed) / Double(tables)
    #expect(size < 0.075, "rejects \(size) of tables without a difference")
    if ofSeeds > 0 { #expect(Double(naive) / Double(tables) > 0.3) }
  }

  @Test func realDifferencesAreDetected() {
    var draw = Draw(state: 5)
    let found = (0..<200).count { _ in
      let rows = table(&draw, 0.3, 0.5).map { $0.map { ($0 ?? 0) + 1 } }
      return (CrossedTest(rows)?.pValue ?? 1) < 0.05
    }
    #expect(found > 150)
  }

  /// 5 seeds × 20 classes.
  private func table(_ draw: inout Draw, _ ofSeeds: Double, _ ofClasses: Double) -> [[Double?]] {
    let columns = (0..<20).map { _ in ofClasses * draw.normal() }
    return (0..<5).map { _ in
      let row = ofSeeds * draw.normal()
      return columns.map { $0 + row + draw.normal() }
    }
  }
}
