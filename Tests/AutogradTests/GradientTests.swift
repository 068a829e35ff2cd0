// Every operation's pullback against central differences, on odd shapes.
import Autograd
import TestSupport
import Testing

@Suite struct ArithmeticGradients {
  let a = Sample.normal([2, 3, 5])
  let b = Sample.uniform([2, 3, 5], 0.5...2)

  @Test func sameShapes() {
    #expect(checkGradient("add", a, b) { $0[0] + $0[1] } == [])
    #expect(checkGradient("subtract", a, b) { $0[0] - $0[1] } == [])
    #expect(checkGradient("multiply", a, b) { $0[0] * $0[1] } == [])
    #expect(checkGradient("divide", a, b) { $0[0] / $0[1] } == [])
    #expect(checkGradient("negate", a) { -$0[0] } == [])
    #expect(checkGradient("affine", a) { $0[0].affine(scale: 3, shift: -2) } == [])
    #expect(checkGradient("one input twice", a) { $0[0] * $0[0] + $0[0] } == [])
  }

  @Test(arguments: [[5], [1, 5], [3, 1], [2, 1, 5], [2, 1, 1], [], [1, 1, 1]])
  func broadcasting(_ shape: [Int]) {
    let small = Sample.uniform(shape, 0.5...2)
    #expect(checkGradient("add", a, small) { $0[0] + $0[1] } == [])
    #expect(checkGradient("subtract", small, a) { $0[0] - $0[1] } == [])
    #expect(checkGradient("multiply", a, small) { $0[0] * $0[1] } == [])
    #expect(checkGradient("divide", a, small) { $0[0] / $0[1] } == [])
  }

  @Test func bothBroadcast() {
    let column = Sample.normal([3, 1])
    let row = Sample.uniform([1, 4], 1...2)
    #expect(checkGradient("outer product", column, row) { $0[0] * $0[1] } == [])
    #expect(checkGradient("outer quotient", column, row) { $0[0] / $0[1] } == [])
  }
}

@Suite struct ShapingGradients {
  let x = Sample.normal([2, 3, 4])

  @Test func reshapeTransposeSliceBroadcast() {
    #expect(checkGradient("reshape", x) { $0[0].reshape([4, -1]) } == [])
    #expect(checkGradient("transpose", x) { $0[0].transpose([2, 0, 1]) } == [])
    #expect(checkGradient("slice first", x) { $0[0].slice(0, 1..<2) } == [])
    #expect(checkGradient("slice middle", x) { $0[0].slice(1, 1..<3) } == [])
    #expect(checkGradient("slice last", x) { $0[0].slice(2, 0..<3) } == [])
    #expect(
      checkGradient("broadcast", Sample.normal([3, 1])) { $0[0].broadcast(to: [2, 3, 4]) } == [])
  }

  @Test func sumsMeansAndMaxima() {
    #expect(checkGradient("sum", x) { $0[0].sum() } == [])
    #expect(checkGradient("mean", x) { $0[0].mean() } == [])
    #expect(checkGradient("sum 0", x) { $0[0].sum([0]) } == [])
    #expect(checkGradient("sum 0, 2", x) { $0[0].sum([0, 2], keepingDimensions: true) } == [])
    #expect(checkGradient("mean 1", x) { $0[0].mean([1]) } == [])
    for axis in 0..<3 {
      #expect(checkGradient("max", Sample.distinct([2, 3, 4])) { $0[0].max(axis) } == [])
    }
  }
}

@Suite struct ActivationGradients {
  let kinked = Sample.distinct([3, 7])

  @Test func activations() {
    #expect(checkGradient("relu", kinked) { $0[0].relu() } == [])
    #expect(checkGradient("sigmoid", Sample.normal([3, 7])) { $0[0].sigmoid() } == [])
    #expect(checkGradient("exp", Sample.normal([3, 7])) { $0[0].exp() } == [])
    #expect(checkGradient("log", Sample.uniform([3, 7], 0.5...3)) { $0[0].log() } == [])
    #expect(checkGradient("clamp", kinked) { $0[0].clamp(-1, 0.8) } == [])
  }

  @Test func dropoutWithTheSameDraws() {
    #expect(
      checkGradient("dropout", Sample.normal([5, 9])) {
        $0[0].dropout(0.4, RandomSource(Generator(seed: 5)))
      } == [])
  }
}

@Suite struct ProductGradients {
  @Test(arguments: [[1, 1, 1], [3, 5, 2], [7, 1, 4], [20, 3, 5]])
  func matrices(_ sizes: [Int]) {
    let a = Sample.normal([sizes[0], sizes[1]])
    let b = Sample.normal([sizes[1], sizes[2]], seed: 4)
    #expect(checkGradient("matmul", a, b) { $0[0].matmul($0[1]) } == [])
  }

  @Test func linear() {
    let weight = Sample.normal([4, 3], seed: 5)
    let bias = Sample.normal([4], seed: 6)
    for shape in [[5, 3], [2, 5, 3], [3]] {
      let x = Sample.normal(shape)
      #expect(checkGradient("linear", x, weight, bias) { $0[0].linear($0[1], $0[2]) } == [])
    }
  }

  /// [B, H, W, C], kernel [D, C, kh, kw], stride, padding.
  static let convolutions: [([Int], [Int], Extent, Extent)] = [
    ([2, 5, 4, 1], [3, 1, 3, 3], Extent(1), Extent(1)),
    ([5, 3, 2, 2], [3, 2, 3, 3], Extent(1), Extent(1)),
    ([1, 6, 7, 3], [2, 3, 2, 3], Extent(2, 1), Extent(0, 1)),
    ([2, 7, 5, 2], [2, 2, 5, 3], Extent(3, 2), Extent(2, 1)),
    ([9, 4, 1, 3], [4, 3, 1, 1], Extent(1), Extent(0)),
    ([2, 4, 3, 3], [4, 3, 1, 1], Extent(2), Extent(1)),
    ([1, 2, 2, 1], [1, 1, 3, 3], Extent(1), Extent(2)),
    ([2, 1, 1, 1], [2, 1, 5, 5], Extent(1), Extent(4)),
  ]

  @Test(arguments: convolutions)
  func convolution(_ c: (input: [Int], kernel: [Int], stride: Extent, padding: Extent)) {
    let x = Sample.normal(c.input)
    let w = Sample.normal(c.kernel, seed: 5)
    let bias = Sample.normal([c.kernel[0]], seed: 6)
    #expect(
      checkGradient("conv2d", x, w, bias) {
        $0[0].conv2d($0[1], $0[2], stride: c.stride, padding: c.padding)
      } == [])
  }
}

/// Factors rounded to bfloat16: 8 bits of mantissa, so within a hundredth of the exact result.
@Suite struct RoundedConvolution {
  @Test(arguments: [[2, 9, 7, 17], [1, 5, 4, 40]])
  func staysCloseToFloat32(_ shape: [Int]) {
    let w = Parameter(Sample.normal([19, shape[3], 3, 3], seed: 5))
    let x = Parameter(Sample.normal(shape))
    func results(_ precision: Precision) -> [[Float]] {
      let y = x.tensor.conv2d(w.tensor, padding: Extent(1), precision: precision)
      let table = gradients(of: (y * Sample.normal(y.shape, seed: 9)).sum())
      return [y.values, table[x]?.values ?? [], table[w]?.values ?? []]
    }
    for (rounded, exact) in zip(results(.bf16), results(.fp32)) {
      let error = zip(rounded, exact).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
      let size = exact.map { $0 * $0 }.reduce(0, +)
      #expect(error < 1e-4 * size && !exact.isEmpty)
      if Precision.bf16.isSupported { #expect(error > 0) }
    }
  }
}

/// Adjoints of convolutions: [B, H, W, C], kernel [C, D, kh, kw], stride, padding.
@Suite struct TransposedConvolutionGradients {
  static let cases: [([Int], [Int], Extent, Extent)] = [
    ([2, 3, 2, 2], [2, 3, 3, 3], Extent(1), Extent(1)),
    ([1, 3, 4, 3], [3, 2, 2, 2], Extent(2), Extent(0)),
    ([2, 2, 3, 1], [1, 2, 3, 4], Extent(2, 3), Extent(1, 2)),
  ]

  @Test(arguments: cases)
  func gradients(_ c: (input: [Int], kernel: [Int], stride: Extent, padding: Extent)) {
    let x = Sample.normal(c.input)
    let w = Sample.normal(c.kernel, seed: 5)
    let bias = Sample.normal([c.kernel[1]], seed: 6)
    #expect(
      checkGradient("transposedConv2d", x, w, bias) {
        $0[0].transposedConv2d($0[1], $0[2], stride: c.stride, padding: c.padding)
      } == [])
  }

  /// ⟨conv(x), y⟩ = ⟨x, transposed(y)⟩.
  @Test func isTheAdjoint() {
    let x = Sample.normal([2, 5, 6, 3])
    let w = Sample.normal([4, 3, 3, 2], seed: 2)
    let y = x.conv2d(w, stride: Extent(2), padding: Extent(1))
    let other = Sample.normal(y.shape, seed: 3)
    let back = other.transposedConv2d(w, stride: Extent(2), padding: Extent(1))
    #expect(back.shape == x.shape)
    #expect(abs((y * other).sum().item - (x * back).sum().item) < 1e-3)
  }
}

@Suite struct PoolingGradients {
  @Test func windows() {
    let x = Sample.distinct([2, 7, 5, 3])
    for (window, stride) in [
      (Extent(2), Extent(2)), (Extent(3), Extent(2)), (Extent(2, 3), Extent(2, 3)),
      (Extent(1), Extent(1)), (Extent(3, 2), Extent(1)), (Extent(7, 5), Extent(1)),
    ] {
      #expect(checkGradient("maxPool2d", x) { $0[0].maxPool2d(window, stride: stride) } == [])
    }
  }

  @Test func planes() {
    #expect(checkGradient("globalMean", Sample.normal([2, 3, 5, 3])) { $0[0].globalMean() } == [])
    #expect(checkGradient("globalMax", Sample.distinct([2, 3, 5, 3])) { $0[0].globalMax() } == [])
  }
}

@Suite struct LossGradients {
  let targets = Tensor([0, 1, 0.3, 1, 0, 0.7, 1, 0, 1, 0], [2, 5])
  let observed = Tensor([1, 1, 1, 0, 1, 0, 1, 1, 0, 1], [2, 5])

  @Test func crossEntropies() {
    #expect(
      checkGradient("logits", Sample.normal([2, 5])) {
        $0[0].binaryCrossEntropy(logitsAgainst: targets, observed: observed)
      } == [])
    #expect(
      checkGradient("probabilities", Sample.uniform([2, 5], 0.2...0.8)) {
        $0[0].binaryCrossEntropy(probabilitiesAgainst: targets, observed: observed)
      } == [])
  }
}
