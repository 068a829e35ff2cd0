// The pullbacks that a transformer is made of, on odd shapes, and the kernels' edges.
import Autograd
import Foundation
import TestSupport
import Testing

@Suite struct LinearTests {
  @Test func residualAndGELU() {
    let x = Sample.normal([2, 5, 3])
    let weight = Sample.normal([7, 3], seed: 5)
    let bias = Sample.normal([7], seed: 6)
    let residual = Sample.normal([2, 5, 7], seed: 8)
    #expect(
      checkGradient("linear, residual", x, weight, bias, residual) {
        $0[0].linear($0[1], $0[2], adding: $0[3])
      } == [])
    #expect(
      checkGradient("linear, GELU", x, weight, bias) {
        $0[0].linear($0[1], $0[2], gelu: true)
      } == [])
    #expect(
      checkGradient("linear, residual, GELU, no bias", x, weight, residual) {
        $0[0].linear($0[1], adding: $0[2], gelu: true)
      } == [])
  }

  @Test func sideBySide() {
    let weights = [Sample.normal([4, 5], seed: 5), Sample.normal([3, 5], seed: 6)]
    let bias = Sample.normal([3], seed: 7)
    for rows in [2, 9] {  // one by one, and as one
      #expect(
        checkGradient("two layers", Sample.normal([rows, 2, 5]), weights[0], weights[1], bias) {
          $0[0].linear([($0[1], nil), ($0[2], $0[3])])
        } == [])
    }
    let frozen = Parameter(weights[0], isTrainable: false)
    let free = Parameter(weights[1])
    let x = Sample.normal([9, 2, 5])
    let slopes = gradients(
      of: x.linear([(frozen.tensor, nil), (free.tensor, bias)]).slice(2, 4..<7).sum())
    let alone = gradients(of: x.linear(free.tensor, bias).sum())
    #expect(slopes[frozen] == nil)
    #expect(
      relativeDistance(
        slopes[free]?.values ?? [], alone[free]?.values.map(Double.init) ?? []) < 1e-6)
  }

  @Test func frozenWeightsGetNoGradient() {
    let x = Parameter(Sample.normal([4, 3]))
    let weight = Parameter(Sample.normal([2, 3], seed: 5), isTrainable: false)
    let bias = Parameter(Sample.normal([2], seed: 6))
    let slopes = gradients(of: x.tensor.linear(weight.tensor, bias.tensor, gelu: true).sum())
    #expect(slopes[weight] == nil)
    #expect(slopes[x]?.shape == [4, 3])
    #expect(slopes[bias]?.shape == [2])
  }

  /// m, n, k around the sizes of tiles, panels and blocks.
  static let sizes = [
    [1, 1, 1], [12, 32, 384], [13, 33, 385], [11, 31, 383], [700, 5, 3], [5, 700, 9],
    [37, 65, 770], [640, 40, 400],
  ]

  @Test(arguments: sizes)
  func productsAgreeWithDouble(_ sizes: [Int]) {
    let (m, n, k) = (sizes[0], sizes[1], sizes[2])
    let a = Sample.normal([m, k])
    let b = Sample.normal([k, n], seed: 4)
    let expected = reference(a.values, b.values, m, n, k)
    for precision in Precision.allCases {
      let limit = precision == .fp32 || !precision.isSupported ? 1e-6 : 1e-2
      let c = a.matmul(b, precision: precision)
      #expect(relativeDistance(c.values, expected) < limit)
      let turned = a.linear(b.transpose([1, 0]), precision: precision)
      #expect(relativeDistance(turned.values, expected) < limit)
    }
  }

  @Test func threadsChangeNoBit() {
    let x = Sample.normal([700, 96])
    let weight = Sample.normal([100, 96], seed: 2)
    let before = ThreadPool.shared.threads
    defer { ThreadPool.configure(threads: before) }
    let results = [1, 2, 5].map { threads in
      ThreadPool.configure(threads: threads)
      return x.linear(weight).values
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
  }

  private func reference(_ a: [Float], _ b: [Float], _ m: Int, _ n: Int, _ k: Int) -> [Double] {
    var c = [Double](repeating: 0, count: m * n)
    for i in 0..<m {
      for p in 0..<k {
        let x = Double(a[i * k + p])
        for j in 0..<n { c[i * n + j] += x * Double(b[p * n + j]) }
      }
    }
    return c
  }
}

@Suite struct TransformerGradients {
  @Test(arguments: [[5, 7], [2, 3, 33], [130, 4]])
  func layerNorm(_ shape: [Int]) {
    let width = shape.last ?? 1
    let gamma = Sample.uniform([width], 0.5...2)
    let beta = Sample.normal([width], seed: 8)
    #expect(
      checkGradient("layer norm", Sample.normal(shape), gamma, beta, tolerance: 5e-3) {
        $0[0].layerNorm($0[1], $0[2], epsilon: 1e-12)
      } == [])
  }

  @Test func pointwise() {
    #expect(checkGradient("gelu", Sample.normal([5, 9])) { $0[0].gelu() } == [])
    #expect(checkGradient("softmax", Sample.normal([2, 3, 7])) { $0[0].softmax() } == [])
    #expect(checkGradient("softmax, wide", Sample.normal([1, 41])) { $0[0].softmax() } == [])
  }

  @Test func geluIsExact() {
    let x = (-60...60).map { Float($0) / 10 }
    let y = Tensor(x, [x.count]).gelu().values
    for (a, b) in zip(x, y) {
      let exact = 0.5 * Double(a) * erfc(-Double(a) / 2.0.squareRoot())
      #expect(abs(Double(b) - exact) < 2e-7 * max(2, abs(exact)))
    }
  }

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

  @Test func patchesAndSequence() {
    let x = Sample.normal([2, 9, 7])
    #expect(checkGradient("patches", x) { $0[0].patches(size: 4, stride: 3) } == [])
    let first = Tensor((0..<63).map(Float.init), [1, 9, 7]).patches(size: 4, stride: 3)
    #expect(first.shape == [1, 4, 16])
    // Band by band, each over four frames; the second patch lies three frames later.
    #expect(Array(first.values[0..<6]) == [0, 7, 14, 21, 1, 8])
    #expect(first.values[16] == 21)
    let tokens = [Sample.normal([1, 1, 5], seed: 2), Sample.normal([1, 1, 5], seed: 3)]
    let positions = Sample.normal([1, 5, 5], seed: 4)
    #expect(
      checkGradient("sequence", Sample.normal([2, 3, 5]), tokens[0], tokens[1], positions) {
        $0[0].sequence(after: [$0[1], $0[2]], positions: $0[3])
      } == [])
  }
}
