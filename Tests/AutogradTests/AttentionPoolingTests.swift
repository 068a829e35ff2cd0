// Decisions weighed by attention, against central differences and against the same done one by one.
import Autograd
import TestSupport
import Testing

@Suite struct AttentionPoolingTests {
  /// Clips, frames, classes; the last ones take several runs of classes and several parts.
  static let shapes = [[1, 1, 1], [3, 5, 2], [2, 7, 20], [2, 3, 33], [90, 10, 40]]

  @Test(arguments: shapes.dropLast())
  func weighedDecisions(_ sizes: [Int]) {
    let x = Sample.normal([sizes[0], sizes[1], 2 * sizes[2]])
    #expect(checkGradient("attentionPooled", x) { $0[0].attentionPooled() } == [])
  }

  @Test(arguments: shapes)
  func equalsTheSameDoneApart(_ sizes: [Int]) {
    let x = Parameter(Sample.normal([sizes[0], sizes[1], 2 * sizes[2]]) * 3)
    let fused = x.tensor.attentionPooled()
    let apart = apart(x.tensor, classes: sizes[2])
    #expect(relativeDistance(fused.values, apart.values.map(Double.init)) < 1e-6)
    let weights = Sample.normal(fused.shape, seed: 9)
    let one = gradients(of: (fused * weights).sum())[x]?.values ?? []
    let two = gradients(of: (apart * weights).sum())[x]?.values ?? []
    #expect(relativeDistance(one, two.map(Double.init)) < 1e-5)
  }

  /// Weights at their limits: the sum stays above 0, and nothing pulls a weight back.
  @Test func limits() {
    let x = Parameter(Tensor([-200, -200, 3, -1, 200, -200, 0, 2], [2, 2, 2]))
    let y = x.tensor.attentionPooled()
    let areShares = y.values.allSatisfy { $0 > 0 && $0 <= 1 }
    #expect(areShares)
    let found = gradients(of: y.sum())[x]?.values ?? []
    let areNumbers = found.allSatisfy { $0.isFinite }
    #expect(areNumbers && found[0] == 0 && found[4] == 0)
  }

  @Test func nanStaysNaN() {
    #expect(Tensor([1, .nan], [1, 1, 2]).attentionPooled().item.isNaN)
  }

  private func apart(_ x: Tensor, classes: Int) -> Tensor {
    let weights = x.slice(2, 0..<classes).sigmoid().clamp(1e-7, 1 - 1e-7)
    let decisions = x.slice(2, classes..<2 * classes).sigmoid()
    return (weights / weights.sum([1], keepingDimensions: true) * decisions).sum([1])
  }
}
