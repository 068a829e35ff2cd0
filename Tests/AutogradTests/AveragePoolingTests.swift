// Adaptive average pooling: gradients at windows that overlap or divide evenly, and PyTorch's numbers.
import Autograd
import TestSupport
import Testing

@Suite struct AveragePoolingTests {
  @Test func gradientsMatch() {
    let x = Sample.normal([2, 7, 5, 3])
    for output in [Extent(1), Extent(3, 4), Extent(7, 5), Extent(5, 2)] {
      #expect(
        checkGradient("adaptive", x) { $0[0].adaptiveAveragePool2d(output) } == [])
    }
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
