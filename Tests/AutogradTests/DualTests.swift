// Dual numbers: their derivatives against central differences.
import Autograd
import Foundation
import TestSupport
import Testing

@Suite struct DualTests {
  private static let formulas: [(name: String, formula: @Sendable (Dual) -> Dual)] = [
    ("sum and product", { $0 * $0 + 3 * $0 - 1.0 }), ("difference", { (2 - $0) - -$0 * $0 }),
    ("log", { ($0 * $0 + 1).log }), ("sigmoid", { $0.sigmoid }), ("softplus", { $0.softplus }),
    ("power", { $0.sigmoid.power(2.5) }), ("power of 0", { $0.sigmoid.power(0) }),
    ("clamped", { $0.clamped(to: -1...1) * $0 }), ("constant", { $0.constant + $0 }),
  ]

  @Test(arguments: [-3.2, -0.4, 0.7, 2.9]) func derivatives(at x: Double) {
    for (name, formula) in Self.formulas {
      let step = 1e-6
      let isConstant = name == "constant"
      let numeric = (formula(Dual(x + step)).value - formula(Dual(x - step)).value) / (2 * step)
      let exact = formula(.variable(x)).derivative
      #expect(abs(exact - (isConstant ? 1 : numeric)) < 1e-7, "\(name) at \(x)")
      #expect(formula(.variable(x)).value == formula(Dual(x)).value)
    }
  }

  @Test func extremesStayFinite() {
    #expect(Dual.variable(-800).sigmoid == Dual(0, derivative: 0))
    #expect(Dual.variable(800).softplus.value == 800)
    #expect(Dual.variable(0).power(2) == Dual(0, derivative: 0))
    #expect(Dual.variable(0).power(0) == Dual(1, derivative: 0))
  }

  @Test func mappedEntriesPassTheGradient() {
    let x = Sample.normal([2, 3])
    let weights = (0..<6).map { Double($0) }
    #expect(
      checkGradient("mapEntries", x) { $0[0].mapEntries { weights[$1] * ($0 * $0).softplus } } == []
    )
  }
}
