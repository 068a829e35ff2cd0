// Absolute values, squares and roots.
import Autograd
import Foundation
import TestSupport
import Testing

@Suite struct PowerTests {
  @Test func gradientsAgree() {
    let kinked = Sample.distinct([3, 7])
    let positive = Sample.uniform([3, 7], 0.5...3)
    #expect(checkGradient("abs", kinked) { $0[0].abs() } == [])
    #expect(checkGradient("squared", kinked) { $0[0].squared() } == [])
    #expect(checkGradient("squareRoot", positive) { $0[0].squareRoot() } == [])
  }

  @Test func absoluteValueAtZeroHasNoGradient() {
    let x = Parameter(Tensor([0, -2], [2]))
    #expect(gradients(of: x.tensor.abs().sum())[x]?.values == [0, -1])
  }

  @Test func logarithmIsAccurate() {
    let parts: [Float] = [1, 1.19, 1.414, 1.415, 1.9]
    let x = (-125...125).flatMap { e in parts.map { $0 * exp2(Float(e)) } }
    let got = Tensor(x, [x.count]).log().values
    for (got, x) in zip(got, x) {
      #expect(abs(Double(got) - log(Double(x))) <= 1.2e-7 * abs(log(Double(x))), "ln \(x)")
    }
    let odd = Tensor([0, -1, .infinity, .nan, 1], [5]).log().values
    #expect(odd[0] == -.infinity && odd[1].isNaN && odd[2] == .infinity && odd[3].isNaN)
    #expect(odd[4] == 0)
  }
}
