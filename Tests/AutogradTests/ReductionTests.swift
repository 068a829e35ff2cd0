// Sums, means and maxima against central differences.
import Autograd
import TestSupport
import Testing

@Suite struct ReductionTests {
  let x = Sample.normal([2, 3, 4])

  @Test func sumsMeansAndMaxima() {
    #expect(checkGradient("sum", x) { $0[0].sum() } == [])
    #expect(checkGradient("mean", x) { $0[0].mean() } == [])
    #expect(checkGradient("sum 0", x) { $0[0].sum([0]) } == [])
    #expect(checkGradient("sum 0, 2", x) { $0[0].sum([0, 2], keepingDimensions: true) } == [])
    #expect(checkGradient("mean 1", x) { $0[0].mean([1]) } == [])
    for axis in 0..<3 {
      #expect(checkGradient("max", Sample.distinct([2, 3, 4])) { $0[0].max(axis) } == [])
    }
  }
}
