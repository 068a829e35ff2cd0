// Softmax along rows against central differences.
import Autograd
import TestSupport
import Testing

@Suite struct SoftmaxTests {
  @Test func gradientsMatch() {
    #expect(checkGradient("softmax", Sample.normal([2, 3, 7])) { $0[0].softmax() } == [])
    #expect(checkGradient("softmax, wide", Sample.normal([1, 41])) { $0[0].softmax() } == [])
  }
}
