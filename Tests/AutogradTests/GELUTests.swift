// GELU against central differences and against the normal distribution function.
import Autograd
import Foundation
import TestSupport
import Testing

@Suite struct GELUTests {
  @Test func gradientsMatch() {
    #expect(checkGradient("gelu", Sample.normal([5, 9])) { $0[0].gelu() } == [])
  }

  @Test func geluIsExact() {
    let x = (-60...60).map { Float($0) / 10 }
    let y = Tensor(x, [x.count]).gelu().values
    for (a, b) in zip(x, y) {
      let exact = 0.5 * Double(a) * erfc(-Double(a) / 2.0.squareRoot())
      #expect(abs(Double(b) - exact) < 2e-7 * max(2, abs(exact)))
    }
  }
}
