// Max-pooling over windows, and global pooling.
import CKernels

extension Tensor {
  /// Max-pooling: [B, H, W, C] → [B, H′, W′, C] with H′ = ⌊(H − window) / stride⌋ + 1, and likewise
  /// for W′. The first of equal values gets the gradient.
  ///
  /// - Parameters:
  ///   - window: The size of a window.
  ///   - stride: The distance between windows; nil for the size of a window.
  public func maxPool2d(_ window: Extent, stride: Extent? = nil) -> Tensor {
    let geometry = scant_window(shape, kernel: window, stride: stride ?? window)
    let result = Tensor(
      uninitialized: [shape[0], geometry.out_height, geometry.out_width, shape[3]])
    let winners = Storage(result.count)
    let (area, rowSize) = (geometry.area * shape[3], geometry.out_width * shape[3])
    let rows = geometry.out_height
    parallelParts(shape[0] * rows, grain: Swift.max(1, 32_768 / Swift.max(1, rowSize))) {
      start, length in
      var window = geometry
      for row in start..<start + length {
        scant_max_pool(
          &window, pointer + row / rows * area, result.pointer + row * rowSize,
          winners.indices + row * rowSize, row % rows)
      }
    }
    let whole = shape
    return result.recorded("maxPool2d", from: self) {
      [$0.givenToWinners(winners, geometry, of: whole)]
    }
  }

  /// Scatters these gradients of pooled values to the positions of the maxima in images of `shape`.
  private func givenToWinners(
    _ winners: Storage, _ geometry: scant_window, of shape: [Int]
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let (pooled, whole) = (count / Swift.max(1, shape[0]), geometry.area * shape[3])
    ThreadPool.shared.parallel(shape[0]) { image in
      var window = geometry
      scant_max_pool_back(
        &window, winners.indices + image * pooled, pointer + image * pooled,
        result.pointer + image * whole)
    }
    return result
  }

  /// Global average pooling: the mean over all positions, [B, ..., C] → [B, C].
  public func globalMean() -> Tensor { positions.mean([1]) }

  /// Global max-pooling: the maximum over all positions, [B, ..., C] → [B, C].
  public func globalMax() -> Tensor { positions.max(1) }

  /// [B, ..., C] → [B, P, C] for P positions.
  private var positions: Tensor { reshape([shape[0], -1, shape[shape.count - 1]]) }
}
