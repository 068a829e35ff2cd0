// Maxima over windows, means and maxima over whole planes.
import CKernels

extension Tensor {
  /// The maximum of every window of [B, C, H, W] → [B, C, H′, W′], H′ = ⌊(H − window)/stride⌋ + 1;
  /// the first of equal values takes the gradient. The stride is the window's size unless given.
  public func maxPool2d(_ window: Extent, stride: Extent? = nil) -> Tensor {
    let geometry = scant_window(shape, kernel: window, stride: stride ?? window)
    let (area, positions) = (geometry.area, geometry.positions)
    let result = Tensor(
      uninitialized: [shape[0], shape[1], geometry.out_height, geometry.out_width])
    let indices = Storage(result.count)
    eachPlane(geometry) { window, plane in
      scant_max_pool(
        window, pointer + plane * area, result.pointer + plane * positions,
        indices.indices + plane * positions)
    }
    let whole = shape
    return result.recorded("maxPool2d", from: self) { slope in
      let down = Tensor(uninitialized: whole)
      down.eachPlane(geometry) { window, plane in
        scant_max_pool_back(
          window, indices.indices + plane * positions, slope.pointer + plane * positions,
          down.pointer + plane * area)
      }
      return [down]
    }
  }

  /// Calls `body` with every plane's number, some planes to a part.
  private func eachPlane(
    _ geometry: scant_window, _ body: @Sendable (UnsafePointer<scant_window>, Int) -> Void
  ) {
    parallelParts(
      shape[0] * shape[1], grain: Swift.max(1, 32_768 / Swift.max(1, geometry.area))
    ) { start, length in
      withUnsafePointer(to: geometry) { window in
        for plane in start..<start + length { body(window, plane) }
      }
    }
  }

  /// The mean of every plane: [B, C, ...] → [B, C].
  public func globalMean() -> Tensor { reshape([shape[0], shape[1], -1]).mean([2]) }

  /// The maximum of every plane: [B, C, ...] → [B, C].
  public func globalMax() -> Tensor { reshape([shape[0], shape[1], -1]).max(2) }
}
