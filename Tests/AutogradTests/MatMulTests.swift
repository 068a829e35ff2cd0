// Matrix products against central differences.
import Autograd
import TestSupport
import Testing

@Suite struct MatMulTests {
  @Test(arguments: [[1, 1, 1], [3, 5, 2], [7, 1, 4], [20, 3, 5]])
  func matrices(_ sizes: [Int]) {
    let a = Sample.normal([sizes[0], sizes[1]])
    let b = Sample.normal([sizes[1], sizes[2]], seed: 4)
    #expect(checkGradient("matmul", a, b) { $0[0].matmul($0[1]) } == [])
  }
}
