/// Mean and sample standard deviation, as a results table shows them.
import Metrics
import Testing

@Suite struct SpreadTests {
  @Test func spreadIsTheSampleStandardDeviation() throws {
    let spread = try #require(Spread([2, 4, 4, 4, 5, 5, 7, 9]))
    #expect(spread.mean == 5 && spread.count == 8)
    #expect(abs(try #require(spread.std) - (32.0 / 7).squareRoot()) < 1e-15)
    #expect(Spread([3])?.std == nil && Spread([]) == nil)
  }
}
