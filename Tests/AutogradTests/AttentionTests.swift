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

  @Test func attentionToOthers() {
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
