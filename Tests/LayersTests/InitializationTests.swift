// Distributions of initial weights.
import Autograd
import Layers
import TestSupport
import Testing

@Suite struct Distributions {
  private func weights(_ kind: Initialization) -> [Float] {
    Linear(300, 200, initialization: kind, random: RandomSource(Generator(seed: 4)))
      .weight.value.values
  }

  private func std(_ x: [Float]) -> Double {
    (x.reduce(0) { $0 + Double($1) * Double($1) } / Double(x.count)).squareRoot()
  }

  @Test func initialWeightsHaveTheExpectedSpread() {
    let normal = std(weights(.heNormal))
    #expect(abs(normal - (2 / 300.0).squareRoot()) < 0.01 * normal)
    let xavier = weights(.xavier)
    let bound = Float((6 / 500.0).squareRoot())
    let largest = xavier.map(abs).max() ?? 0
    #expect(largest <= bound && largest > 0.99 * bound)
    let truncated = weights(.truncatedNormal(0.02))
    let furthest = truncated.map(abs).max() ?? 0
    #expect(furthest <= 0.04 && furthest > 0.039)
    // A normal cut at two deviations spreads 0.8796 of one.
    #expect(abs(std(truncated) - 0.02 * 0.8796) < 1e-4)
  }

  @Test func fanOutIncludesTheKernel() {
    let layer = Conv2d(
      2, 50, kernel: Extent(3), initialization: .xavier, random: RandomSource(Generator(seed: 1)))
    let bound = Float((6 / Double(2 * 9 + 50 * 9)).squareRoot())
    let largest = layer.weight.value.values.map(abs).max() ?? 0
    #expect(largest <= bound && largest > 0.95 * bound)
    #expect(layer.bias?.value.values.allSatisfy { $0 == 0 } == true)
  }
}

@Suite struct HarmonicFilterBankLayer {
  @Test func boundsMatchTheReference() {
    let layer = HarmonicFilterBank()
    #expect(layer.bank.notes.count == 128 && layer.bank.bins == 257)
    #expect(abs(layer.bank.notes[0] - 32.703) < 1e-3 && abs(layer.bank.notes[127] - 1281) < 0.1)
    #expect(layer.namedParameters.map(\.name) == ["bw_Q"] && layer.trainableCount == 1)
    let y = layer(Sample.uniform([2, 3, 257], 0...1), .evaluation())
    #expect(y.shape == [2, 128, 3, 6])
  }
}
