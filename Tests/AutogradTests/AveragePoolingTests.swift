// Average pooling: gradients with asymmetric and overlapping windows, and numbers.
import Autograd
import TestSupport
import Testing

@Suite struct AveragePoolingTests {
  @Test func slopes() {
    let x = Sample.normal([2, 7, 5, 3])
    for (window, stride) in [
      (Extent(2), Extent(2)), (Extent(3), Extent(2)), (Extent(2, 3), Extent(2, 3)),
      (Extent(1, 4), Extent(3, 1)), (Extent(7, 5), Extent(1)),
    ] {
      #expect(
        checkGradient("averagePool2d", x) { $0[0].averagePool2d(window, stride: stride) } == [])
    }
    for output in [Extent(1), Extent(3, 4), Extent(7, 5), Extent(5, 2)] {
      #expect(
        checkGradient("adaptive", x) { $0[0].adaptiveAveragePool2d(output) } == [])
    }
  }

  @Test func windowsAreAveraged() {
    let x = Tensor((0..<24).map(Float.init), [1, 3, 4, 2])
    let y = x.averagePool2d(Extent(2, 3))
    #expect(y.shape == [1, 1, 1, 2])
    #expect(y.values == [6, 7])
    let rows = x.averagePool2d(Extent(1, 2), stride: Extent(2, 1))
    #expect(rows.shape == [1, 2, 3, 2])
    #expect(rows.values == [1, 2, 3, 4, 5, 6, 17, 18, 19, 20, 21, 22])
  }

  /// `torch.nn.functional.adaptive_avg_pool2d(x, (3, 4))`, PyTorch 2.15 in double.
  @Test func adaptiveAsPyTorch() {
    let y = Sample.wave([1, 5, 7, 1]).adaptiveAveragePool2d(Extent(3, 4))
    let expected: [Float] = [
      0.308172375, 0.0174689889, 0.0426970298, 0.247442177, -0.262675608, 0.18653566,
      -0.154519976, 0.55833052, -0.621246815, 0.204856739, -0.226864312, 0.418013647,
    ]
    #expect(y.shape == [1, 3, 4, 1])
    expectClose(y.values, expected, absolute: 2e-7)
  }
}
