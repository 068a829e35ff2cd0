// Maxima over windows and planes against central differences.
import Autograd
import TestSupport
import Testing

@Suite struct PoolingTests {
  @Test func windows() {
    let x = Sample.distinct([2, 7, 5, 3])
    for (window, stride) in [
      (Extent(2), Extent(2)), (Extent(3), Extent(2)), (Extent(2, 3), Extent(2, 3)),
      (Extent(1), Extent(1)), (Extent(3, 2), Extent(1)), (Extent(7, 5), Extent(1)),
    ] {
      #expect(checkGradient("maxPool2d", x) { $0[0].maxPool2d(window, stride: stride) } == [])
    }
  }

  @Test func planes() {
    #expect(checkGradient("globalMean", Sample.normal([2, 3, 5, 3])) { $0[0].globalMean() } == [])
    #expect(checkGradient("globalMax", Sample.distinct([2, 3, 5, 3])) { $0[0].globalMax() } == [])
  }
}
