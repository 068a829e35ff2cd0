// Depthwise convolution against central differences and against ordinary convolution.
import Autograd
import TestSupport
import Testing

/// A kernel per channel: [B, H, W, C], kernel height and width, stride, padding.
@Suite struct DepthwiseConvolutionTests {
  typealias Case = (input: [Int], kernel: Extent, stride: Extent, padding: ConvolutionPadding)

  static let cases: [Case] = [
    ([2, 5, 6, 3], Extent(3), Extent(1), .zeros(Extent(1))),
    ([1, 7, 9, 17], Extent(3), Extent(1), .zeros(Extent(1))),
    ([1, 6, 5, 8], Extent(5), Extent(2), .zeros(Extent(2))),
    ([1, 4, 11, 25], Extent(3), Extent(2), .same),
    ([2, 6, 8, 2], Extent(3), Extent(2), .same),
    ([1, 5, 4, 2], Extent(3, 2), Extent(1, 3), .same),
    ([1, 3, 13, 2], Extent(1, 3), Extent(1), .zeros(Extent(0))),
    ([1, 1, 2, 4], Extent(5), Extent(1), .same), ([1, 2, 3, 1], Extent(3), Extent(4), .same),
  ]

  @Test(arguments: cases) func gradientsMatch(_ c: Case) {
    let channels = c.input[3]
    let x = Sample.normal(c.input)
    let w = Sample.normal([channels, 1, c.kernel.height, c.kernel.width], seed: 5)
    #expect(
      checkGradient("depthwiseConv2d", x, w, Sample.normal([channels], seed: 6)) {
        $0[0].depthwiseConv2d($0[1], $0[2], stride: c.stride, padding: c.padding)
      } == [])
  }

  /// Each channel is an ordinary convolution of one channel.
  @Test(arguments: cases) func isAConvolutionOfEveryChannel(_ c: Case) {
    let channels = c.input[3]
    let x = Sample.normal(c.input)
    let w = Sample.normal([channels, 1, c.kernel.height, c.kernel.width], seed: 5)
    let bias = Sample.normal([channels], seed: 6)
    let parts = (0..<channels).map { index in
      let range = index..<index + 1
      return x.slice(3, range).conv2d(
        w.slice(0, range), bias.slice(0, range), stride: c.stride, padding: c.padding)
    }
    let y = x.depthwiseConv2d(w, bias, stride: c.stride, padding: c.padding)
    let expected = Tensor.concat(parts, axis: 3)
    #expect(y.shape == expected.shape)
    expectClose(y.values, expected.values, absolute: 1e-5)
  }

  /// TensorFlow puts the odd row of zeros below: the first window begins at the first row.
  @Test func samePaddingIsThatOfTensorFlow() {
    let x = Tensor([1, 2, 3, 4], [1, 1, 4, 1])
    let w = Tensor([1, 10, 100], [1, 1, 1, 3])
    for y in [
      x.conv2d(w, stride: Extent(1, 2), padding: .same),
      x.depthwiseConv2d(w, stride: Extent(1, 2), padding: .same),
    ] {
      #expect(y.shape == [1, 1, 2, 1])
      #expect(y.values == [321, 43])
    }
    let plain = x.depthwiseConv2d(w, padding: .same)
    #expect(plain.values == [210, 321, 432, 43])
  }

  @Test func threadsDoNotChangeTheResult() {
    let x = Parameter(Sample.normal([3, 40, 33, 24]))
    let w = Parameter(Sample.normal([24, 1, 3, 3], seed: 5))
    func results(_ threads: Int) -> [[Float]] {
      ThreadPool.configure(threads: threads)
      let y = x.tensor.depthwiseConv2d(w.tensor, padding: .same)
      let table = gradients(of: (y * Sample.normal(y.shape, seed: 9)).sum())
      return [y.values, table[x]?.values ?? [], table[w]?.values ?? []]
    }
    let one = results(1)
    #expect(results(2) == one)
  }
}
