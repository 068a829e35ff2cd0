// Maxima over windows and planes against central differences.
import Autograd
import Foundation
import TestSupport
import Testing

@Suite struct PoolingTests {
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

@Suite struct AveragePoolingTests {
  @Test func gradientsMatch() {
    let x = Sample.normal([2, 7, 5, 3])
    for output in [Extent(1), Extent(3, 4), Extent(7, 5), Extent(5, 2)] {
      #expect(
        checkGradient("adaptive", x) { $0[0].adaptiveAveragePool2d(output) } == [])
    }
  }

  /// `torch.nn.functional.adaptive_avg_pool2d(x, (3, 4))`, PyTorch 2.15 in double.
  @Test func adaptivePoolingMatchesPyTorch() {
    let y = Sample.wave([1, 5, 7, 1]).adaptiveAveragePool2d(Extent(3, 4))
    let expected: [Float] = [
      0.308172375, 0.0174689889, 0.0426970298, 0.247442177, -0.262675608, 0.18653566,
      -0.154519976, 0.55833052, -0.621246815, 0.204856739, -0.226864312, 0.418013647,
    ]
    #expect(y.shape == [1, 3, 4, 1])
    expectClose(y.values, expected, absolute: 2e-7)
  }
}

@Suite struct UpsamplingTests {
  @Test(arguments: [
    [1, 1, 1, 1], [1, 1, 5, 2], [2, 3, 1, 3], [2, 3, 5, 1], [1, 2, 19, 4], [1, 3, 3, 8],
    [1, 2, 3, 16], [1, 2, 3, 17],
  ])
  func gradient(_ shape: [Int]) {
    #expect(checkGradient("upsample", Sample.normal(shape)) { $0[0].upsample() } == [])
  }

  @Test(arguments: [
    [2, 5, 7, 3], [3, 33, 35, 1], [2, 9, 21, 2], [1, 64, 33, 4], [2, 7, 9, 8], [1, 5, 3, 16],
    [1, 1, 40, 1], [1, 40, 1, 4],
  ])
  func values(_ shape: [Int]) {
    let x = Sample.normal(shape)
    let y = x.upsample()
    #expect(y.shape == [shape[0], 2 * shape[1], 2 * shape[2], shape[3]])
    expectClose(y.values, plainly(x.values, shape), absolute: 1e-6)
  }

  /// `torch.nn.functional.interpolate(scale_factor=2, mode="bilinear", align_corners=True)` and
  /// its gradient for output gradients sin(1.7·i + 0.3), PyTorch 2.15 in double.
  @Test func matchesPyTorch() {
    let x = Parameter(Sample.wave([1, 2, 3, 2]))
    let y = x.tensor.upsample()
    let row: [Float] = [
      0, 0.991664827, -0.102216446, 0.224673021, -0.204432893, -0.542318785, -0.105610222,
      -0.580954325, 0.194251567, 0.108766401, 0.494113356, 0.798487127,
    ]
    expectClose(Array(y.values[..<12]), row, absolute: 2e-7)
    let gradient = gradients(of: (y * Sample.wave(y.shape, phase: 0.3)).sum())[x]
    let expected: [Float] = [
      0.480739967, 0.248517799, -0.0147788445, -0.088729912, -0.357573243, 0.490956362,
      -0.460950486, -0.279298639, 0.00923092763, 0.0901645184, 0.38402029, -0.47213163,
    ]
    expectClose(gradient?.values ?? [], expected, absolute: 5e-7)
  }

  private func plainly(_ x: [Float], _ shape: [Int]) -> [Float] {
    let (height, width, channels) = (shape[1], shape[2], shape[3])
    func ends(_ i: Int, _ n: Int) -> (Int, Int, Double) {
      let place = Double(i) * Double(n - 1) / Double(2 * n - 1)
      return (Int(place), min(Int(place) + 1, n - 1), place - floor(place))
    }
    var y: [Float] = []
    for image in 0..<shape[0] {
      for i in 0..<2 * height {
        for j in 0..<2 * width {
          let (top, bottom, down) = ends(i, height)
          let (left, right, across) = ends(j, width)
          for c in 0..<channels {
            func at(_ row: Int, _ column: Int) -> Double {
              Double(x[((image * height + row) * width + column) * channels + c])
            }
            let above = (1 - across) * at(top, left) + across * at(top, right)
            let below = (1 - across) * at(bottom, left) + across * at(bottom, right)
            y.append(Float((1 - down) * above + down * below))
          }
        }
      }
    }
    return y
  }
}
