// Activations against central differences, away from their kinks.
import Autograd
import Foundation
import TestSupport
import Testing

@Suite struct ActivationTests {
  let kinked = Sample.distinct([3, 7])

  @Test func activationValues() {
    #expect(checkGradient("relu", kinked) { $0[0].relu() } == [])
    #expect(checkGradient("sigmoid", Sample.normal([3, 7])) { $0[0].sigmoid() } == [])
    #expect(checkGradient("exp", Sample.normal([3, 7])) { $0[0].exp() } == [])
    #expect(checkGradient("log", Sample.uniform([3, 7], 0.5...3)) { $0[0].log() } == [])
    #expect(checkGradient("clamp", kinked) { $0[0].clamp(-1, 0.8) } == [])
  }

  /// Values 0.2 apart, the middle ones beside 0: ±3 lie between two of them.
  @Test func hardFunctions() {
    let x = Sample.distinct([4, 10])
    #expect(checkGradient("hardswish", x) { $0[0].hardswish() } == [])
    #expect(checkGradient("hardSigmoid", x) { $0[0].hardSigmoid() } == [])
    for value in [-7, -3, -2.5, -0.1, 0, 0.7, 2.9, 3, 8] as [Float] {
      let gate = min(max(value + 3, 0), 6) / 6
      expectClose(Tensor(value).hardSigmoid().item, gate, relative: 1e-6)
      expectClose(Tensor(value).hardswish().item, value * gate, relative: 1e-6)
    }
  }
}

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

@Suite struct DropoutTests {
  private func kept(_ count: Int, _ rate: Float, seed: Int = 3) -> [Bool] {
    let source = RandomSource(Generator(seed: seed))
    return Tensor(repeating: 1, [count]).dropout(rate, source).values.map { $0 != 0 }
  }

  @Test(arguments: [1, 15, 16, 17, 31, 33, 100, 32_769, 70_001])
  func dropoutDrawsDoNotDependOnLength(_ count: Int) {
    #expect(kept(count, 0.6) == Array(kept(100_000, 0.6)[..<count]))
  }

  @Test(arguments: [0.1, 0.3, 0.5, 0.6, 0.8])
  func dropoutRatesMatch(_ rate: Float) {
    let count = 320_000
    let draws = kept(count, rate)
    let expected = Double(1 - rate)
    let std = (expected * (1 - expected) / Double(count)).squareRoot()
    #expect(abs(Double(draws.count { $0 }) / Double(count) - expected) < 4 * std)
    for lag in [1, 2, 15, 16, 17, 32, 128, 2560] {
      let both = zip(draws, draws.dropFirst(lag)).count { $0 && $1 }
      #expect(abs(Double(both) / Double(count - lag) - expected * expected) < 0.005, "lag \(lag)")
    }
    let other = kept(count, rate, seed: 4)
    let both = zip(draws, other).count { $0 && $1 }
    #expect(abs(Double(both) / Double(count) - expected * expected) < 0.005)
  }

  @Test func dropoutGradientUsesTheSameDraws() {
    #expect(
      checkGradient("dropout", Sample.normal([5, 9])) {
        $0[0].dropout(0.4, RandomSource(Generator(seed: 5)))
      } == [])
  }
}
