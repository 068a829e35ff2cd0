// Means of a few repetitions against known values of Student's t.
import Metrics
import Testing

@Suite struct MeanIntervalTests {
  @Test func fiveValuesHaveStudentsInterval() throws {
    // t(4, .975) = 2.7764; standard error 1.5811 / √5.
    let found = try #require(MeanInterval([1, 2, 3, 4, 5]))
    let interval = try #require(found.interval)
    #expect(found.mean == 3)
    #expect(abs(interval.low - (3 - 1.9632)) < 1e-3 && abs(interval.high - 4.9632) < 1e-3)
  }

  @Test func oneValueHasNoInterval() throws {
    #expect(try #require(MeanInterval([2])).interval == nil && MeanInterval([]) == nil)
  }
}
