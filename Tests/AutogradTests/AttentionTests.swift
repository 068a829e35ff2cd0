// Attention against central differences, and long sequences against softmax done apart.
import Autograd
import TestSupport
import Testing

@Suite struct AttentionTests {
  /// Clips, tokens, width, heads.
  @Test(arguments: [[1, 1, 2, 1], [2, 5, 6, 2], [1, 13, 9, 3], [1, 37, 4, 1]])
  func selfAttention(_ sizes: [Int]) {
    let x = Sample.normal([sizes[0], sizes[1], 3 * sizes[2]])
    #expect(
      checkGradient("self-attention", x) { $0[0].selfAttention(heads: sizes[3]) } == [])
  }

  @Test func crossAttention() {
    let q = Sample.normal([2, 2, 6])
    let keys = Sample.normal([2, 7, 6], seed: 5)
    let values = Sample.normal([2, 7, 6], seed: 6)
    #expect(
      checkGradient("attention", q, keys, values) {
        $0[0].attention(to: $0[1], $0[2], heads: 2)
      } == [])
    #expect(
      checkGradient("attention, keys are values", q, keys) {
        $0[0].attention(to: $0[1], $0[1], heads: 1, scale: 0.3)
      } == [])
  }

  /// Long enough for several blocks of keys and groups of queries.
  @Test func longAttentionAgreesWithSoftmax() {
    let (tokens, width) = (211, 40)
    let x = Parameter(Sample.normal([1, tokens, 3 * width]) * 2)
    let weights = Sample.normal([1, tokens, width], seed: 9)
    let fast = x.tensor.selfAttention(heads: 1)
    let parts = (0..<3).map { part in
      x.tensor.slice(2, part * width..<(part + 1) * width).reshape([tokens, width])
    }
    let scores = parts[0].matmul(parts[1].transpose([1, 0])) * (1 / Float(width).squareRoot())
    let slow = scores.softmax().matmul(parts[2]).reshape([1, tokens, width])
    #expect(relativeDistance(fast.values, slow.values.map(Double.init)) < 2e-6)
    let one = gradients(of: (fast * weights).sum())[x]?.values ?? []
    let two = gradients(of: (slow * weights).sum())[x]?.values ?? []
    #expect(relativeDistance(one, two.map(Double.init)) < 3e-6)
  }
}

@Suite struct AttentionPoolingTests {
  /// Clips, frames, classes; the last ones take several runs of classes and several parts.
  static let shapes = [[1, 1, 1], [3, 5, 2], [2, 7, 20], [2, 3, 33], [90, 10, 40]]

  @Test(arguments: shapes.dropLast())
  func attentionPooling(_ sizes: [Int]) {
    let x = Sample.normal([sizes[0], sizes[1], 2 * sizes[2]])
    #expect(checkGradient("attentionPooled", x) { $0[0].attentionPooled() } == [])
  }

  @Test(arguments: shapes)
  func equalsTheUnfusedOperations(_ sizes: [Int]) {
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
  @Test func extremeLogitsAreLimited() {
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

@Suite struct SoftmaxTests {
  @Test func gradientsMatch() {
    #expect(checkGradient("softmax", Sample.normal([2, 3, 7])) { $0[0].softmax() } == [])
    #expect(checkGradient("softmax, wide", Sample.normal([1, 41])) { $0[0].softmax() } == [])
  }
}
