// Convolution, by all ways there are, and its adjoint, against central differences.
import Autograd
import TestSupport
import Testing

@Suite struct ConvolutionTests {
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
    ([1, 5, 6, 9], [10, 9, 3, 3], Extent(1), Extent(1)),
    ([1, 2, 5, 9], [9, 9, 3, 3], Extent(1), Extent(1)),
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

/// Few channels are summed directly, others filtered by tiles of 4 or 2; with the padding done
/// beforehand all go by columns.
@Suite struct WaysOfConvolution {
  /// [B, H, W, C] and D.
  @Test(arguments: [
    ([3, 13, 11, 17], 33), ([2, 8, 4, 48], 16), ([2, 2, 9, 20], 20), ([5, 1, 1, 16], 16),
    ([2, 9, 37, 1], 32), ([2, 7, 21, 4], 8), ([2, 10, 18, 8], 4),
  ])
  func algorithmsAgree(_ shape: [Int], _ filters: Int) {
    let x = Parameter(Sample.normal(shape))
    let w = Parameter(Sample.normal([filters, shape[3], 3, 3], seed: 5) * 0.2)
    let bias = Sample.normal([filters], seed: 6)
    let one = x.tensor.conv2d(w.tensor, bias, padding: Extent(1))
    let padded = x.tensor.pad(1, before: 1, after: 1).pad(2, before: 1, after: 1)
    let two = padded.conv2d(w.tensor, bias)
    let weights = Sample.normal(one.shape, seed: 9)
    let found = [one, two].map { gradients(of: ($0 * weights).sum()) }
    func close(_ a: [Float]?, _ b: [Float]?) -> Bool {
      relativeDistance(a ?? [], (b ?? [1]).map(Double.init)) < 3e-6
    }
    #expect(close(one.values, two.values))
    #expect(close(found[0][x]?.values, found[1][x]?.values), "gradient of the input")
    #expect(close(found[0][w]?.values, found[1][w]?.values), "gradient of the weights")
  }

  /// What a convolution counts on the way is what batch normalisation finds by itself.
  @Test func channelSumsMatchTheOutput() {
    for channels in [1, 3, 17, 64] {
      let x = Sample.normal([2, 9, 10, channels])
      let y = x.conv2d(Sample.normal([20, channels, 3, 3], seed: 5), padding: Extent(1))
      let copy = Tensor(y.values, y.shape)
      let (gamma, beta) = (Tensor(repeating: 1, [20]), Tensor.zeros([20]))
      let counted = y.batchNorm(gamma, beta, epsilon: 0)
      let found = copy.batchNorm(gamma, beta, epsilon: 0)
      #expect(distance(counted.mean, found.mean.values) < 1e-5)
      for (a, b) in zip(counted.variance.values, found.variance.values) {
        #expect(abs(a / b - 1) < 1e-5)
      }
    }
  }
}

/// With bfloat16 the found' factors have 8 bits of mantissa: within a hundredth of the exact ones.
/// The result itself stays as it is.
@Suite struct RoundedConvolution {
  @Test(arguments: [[2, 9, 7, 17], [1, 5, 4, 40]])
  func bfloat16RoundsOnlyGradients(_ shape: [Int]) {
    let w = Parameter(Sample.normal([19, shape[3], 3, 3], seed: 5))
    let x = Parameter(Sample.normal(shape))
    func results(_ precision: Precision) -> [[Float]] {
      let y = x.tensor.conv2d(w.tensor, padding: Extent(1), precision: precision)
      let table = gradients(of: (y * Sample.normal(y.shape, seed: 9)).sum())
      return [y.values, table[x]?.values ?? [], table[w]?.values ?? []]
    }
    let (rounded, exact) = (results(.bf16), results(.fp32))
    #expect((rounded[0] == exact[0]) == true)
    for gradient in 1...2 {
      let error = relativeDistance(rounded[gradient], exact[gradient].map(Double.init))
      #expect(error < 0.01)
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
  func gradientsMatch(_ c: (input: [Int], kernel: [Int], stride: Extent, padding: Extent)) {
    let x = Sample.normal(c.input)
    let w = Sample.normal(c.kernel, seed: 5)
    let bias = Sample.normal([c.kernel[1]], seed: 6)
    #expect(
      checkGradient("transposedConv2d", x, w, bias) {
        $0[0].transposedConv2d($0[1], $0[2], stride: c.stride, padding: c.padding)
      } == [])
  }

  /// ⟨conv(x), y⟩ = ⟨x, transposed(y)⟩.
  @Test func transposedConvolutionIsTheAdjoint() {
    let x = Sample.normal([2, 5, 6, 3])
    let w = Sample.normal([4, 3, 3, 2], seed: 2)
    let y = x.conv2d(w, stride: Extent(2), padding: Extent(1))
    let other = Sample.normal(y.shape, seed: 3)
    let back = other.transposedConv2d(w, stride: Extent(2), padding: Extent(1))
    #expect(back.shape == x.shape)
    #expect(abs((y * other).sum().item - (x * back).sum().item) < 1e-3)
  }
}
