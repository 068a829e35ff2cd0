// Sums, products and their broadcasting forms against central differences.
import Autograd
import TestSupport
import Testing

@Suite struct ArithmeticTests {
  let a = Sample.normal([2, 3, 5])
  let b = Sample.uniform([2, 3, 5], 0.5...2)

  @Test func sameShapes() {
    #expect(checkGradient("add", a, b) { $0[0] + $0[1] } == [])
    #expect(checkGradient("subtract", a, b) { $0[0] - $0[1] } == [])
    #expect(checkGradient("multiply", a, b) { $0[0] * $0[1] } == [])
    #expect(checkGradient("divide", a, b) { $0[0] / $0[1] } == [])
    #expect(checkGradient("negate", a) { -$0[0] } == [])
    #expect(checkGradient("affine", a) { $0[0].affine(scale: 3, shift: -2) } == [])
    #expect(checkGradient("one input twice", a) { $0[0] * $0[0] + $0[0] } == [])
  }

  @Test(arguments: [[5], [1, 5], [3, 1], [2, 1, 5], [2, 1, 1], [], [1, 1, 1]])
  func broadcasting(_ shape: [Int]) {
    let small = Sample.uniform(shape, 0.5...2)
    #expect(checkGradient("add", a, small) { $0[0] + $0[1] } == [])
    #expect(checkGradient("subtract", small, a) { $0[0] - $0[1] } == [])
    #expect(checkGradient("multiply", a, small) { $0[0] * $0[1] } == [])
    #expect(checkGradient("divide", a, small) { $0[0] / $0[1] } == [])
  }

  @Test func bothBroadcast() {
    let column = Sample.normal([3, 1])
    let row = Sample.uniform([1, 4], 1...2)
    #expect(checkGradient("outer product", column, row) { $0[0] * $0[1] } == [])
    #expect(checkGradient("outer quotient", column, row) { $0[0] / $0[1] } == [])
  }
}
