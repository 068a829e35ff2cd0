// Sums, products and their broadcasting forms against central differences.
import Autograd
import Foundation
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

@Suite struct DecibelsTests {
  @Test func cosineSimilarities() {
    let positive = Sample.uniform([3, 7], 0.5...3)
    #expect(checkGradient("decibels", positive) { $0[0].decibels(floor: 0.1) } == [])
    #expect(checkGradient("below the floor", positive) { $0[0].decibels(floor: 9) } == [])
  }

  @Test func decibelsOverTheFloor() {
    let x = Parameter(Tensor([0, 1e-12, 1e-10, 1, 123], [5]))
    let y = x.tensor.decibels()
    expectClose(y.values, [-100, -100, -100, 0, 20.8990511], absolute: 1e-5)
    let found = gradients(of: y.sum())[x]?.values ?? []
    #expect(Array(found[..<2]) == [0, 0])
    #expect(abs(found[3] - Float(10 / log(10.0))) < 1e-6)
  }
}
