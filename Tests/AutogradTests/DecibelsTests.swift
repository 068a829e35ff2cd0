// Power to decibels, above and below the floor.
import Autograd
import Foundation
import TestSupport
import Testing

@Suite struct DecibelsTests {
  @Test func found() {
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
