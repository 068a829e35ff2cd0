// Dropout's draws: independent of the length and of each other, and as many zeros as asked.
import Autograd
import TestSupport
import Testing

@Suite struct DropoutTests {
  private func kept(_ count: Int, _ rate: Float, seed: Int = 3) -> [Bool] {
    let source = RandomSource(Generator(seed: seed))
    return Tensor(repeating: 1, [count]).dropout(rate, source).values.map { $0 != 0 }
  }

  @Test(arguments: [1, 15, 16, 17, 31, 33, 100, 32_769, 70_001])
  func lengthDoesNotMoveTheDraws(_ count: Int) {
    #expect(kept(count, 0.6) == Array(kept(100_000, 0.6)[..<count]))
  }

  @Test(arguments: [0.1, 0.3, 0.5, 0.6, 0.8])
  func shares(_ rate: Float) {
    let count = 320_000
    let draws = kept(count, rate)
    let expected = Double(1 - rate)
    let deviation = (expected * (1 - expected) / Double(count)).squareRoot()
    #expect(abs(Double(draws.count { $0 }) / Double(count) - expected) < 4 * deviation)
    for lag in [1, 2, 15, 16, 17, 32, 128, 2560] {
      let both = zip(draws, draws.dropFirst(lag)).count { $0 && $1 }
      #expect(abs(Double(both) / Double(count - lag) - expected * expected) < 0.005, "lag \(lag)")
    }
    let other = kept(count, rate, seed: 4)
    let both = zip(draws, other).count { $0 && $1 }
    #expect(abs(Double(both) / Double(count) - expected * expected) < 0.005)
  }

  @Test func dropoutWithTheSameDraws() {
    #expect(
      checkGradient("dropout", Sample.normal([5, 9])) {
        $0[0].dropout(0.4, RandomSource(Generator(seed: 5)))
      } == [])
  }
}
