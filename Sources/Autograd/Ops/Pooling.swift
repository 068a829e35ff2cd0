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

extension Tensor {
  /// Adaptive average pooling: [B, H, W, C] → [B, output.height, output.width, C].
  ///
  /// Output row i of n is the mean of the input rows ⌊i·H/n⌋ ..< ⌈(i + 1)·H/n⌉, and likewise for
  /// columns, as in PyTorch.
  public func adaptiveAveragePool2d(_ output: Extent) -> Tensor {
    precondition(
      shape.count == 4 && count > 0, "average pooling of \(shape); expected images [B, H, W, C]")
    let columns = adaptive(output.width, over: shape[2])
    let plan = AveragePooling(
      shape: shape, rows: adaptive(output.height, over: shape[1]),
      starts: columns.map(\.lowerBound), ends: columns.map(\.upperBound))
    return plan.forward(self).recorded("adaptiveAveragePool2d", from: self) { [plan.back($0)] }
  }
}

private func adaptive(_ count: Int, over length: Int) -> [Range<Int>] {
  (0..<count).map { $0 * length / count..<(($0 + 1) * length + count - 1) / count }
}

/// The rows and columns of [B, H, W, C] that each output covers.
private struct AveragePooling: Sendable {
  let shape: [Int]
  let rows: [Range<Int>]
  let starts, ends: [Int]

  private var line: Int { shape[2] * shape[3] }
  private var outputLine: Int { starts.count * shape[3] }

  func forward(_ x: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [shape[0], rows.count, starts.count, shape[3]])
    let cost = Swift.max(1, x.count / Swift.max(1, shape[0] * rows.count))
    parallelParts(shape[0] * rows.count, grain: Swift.max(1, 32_768 / cost)) { start, length in
      for place in start..<start + length {
        let (image, row) = place.quotientAndRemainder(dividingBy: rows.count)
        scant_average_row(
          x.pointer + (image * shape[1] + rows[row].lowerBound) * line, rows[row].count,
          shape[2], shape[3], starts, ends, starts.count, result.pointer + place * outputLine)
      }
    }
    return result
  }

  /// Windows may overlap, so the rows of one image are added one after the other.
  func back(_ gradient: Tensor) -> Tensor {
    let result = Tensor.zeros(shape)
    ThreadPool.shared.parallel(shape[0]) { image in
      for (row, covered) in rows.enumerated() {
        scant_average_row_back(
          gradient.pointer + (image * rows.count + row) * outputLine, covered.count, shape[2],
          shape[3], starts, ends, starts.count,
          result.pointer + (image * shape[1] + covered.lowerBound) * line)
      }
    }
    return result
  }
}

extension Tensor {
  /// Bilinear upsampling by two with aligned corners: [B, H, W, C] → [B, 2H, 2W, C]. Output row i
  /// lies at input row i·(H − 1)/(2H − 1), and likewise for columns.
  public func upsample() -> Tensor {
    precondition(
      shape.count == 4 && count > 0, "upsampling of \(shape); expected images [B, H, W, C]")
    let plan = Upsampling(shape)
    return plan.forward(self).recorded("upsample", from: self) { [plan.back($0)] }
  }
}

/// The sizes of an upsampling and the interpolation weights of both axes.
private struct Upsampling: Sendable {
  let images, height, width, channels: Int
  let across: Storage  // the layout is `scant_upsampling_weights`'
  let down: Storage

  init(_ shape: [Int]) {
    (images, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    across = Storage((2 * width + 2) * channels)
    down = Storage(2 * height + 2)
    scant_upsampling_weights(width, channels, across.pointer)
    scant_upsampling_weights(height, 1, down.pointer)
  }

  private var row: Int { width * channels }

  /// Calls `body` with each of `count` rows and a scratch buffer. Each part has enough rows to
  /// outweigh the cost of a thread.
  private func eachRow(_ count: Int, _ body: @Sendable (Int, UnsafeMutablePointer<Float>) -> Void) {
    parallelParts(count, grain: Swift.max(1, 32_768 / (2 * row))) { start, length in
      Storage.scratch((2 * width + 2) * channels) { scratch in
        for row in start..<start + length { body(row, scratch) }
      }
    }
  }

  func forward(_ x: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [images, 2 * height, 2 * width, channels])
    eachRow(images * 2 * height) { place, scratch in
      let (image, i) = place.quotientAndRemainder(dividingBy: 2 * height)
      let near = i / 2
      let far = i % 2 == 0 ? Swift.max(near - 1, 0) : Swift.min(near + 1, height - 1)
      let share = i % 2 == 0 ? down.pointer[1 + height + near] : down.pointer[1 + near]
      let first = x.pointer + image * height * row
      scant_upsample_row(
        first + near * row, first + far * row, share, width, channels, across.pointer, scratch,
        result.pointer + place * 2 * row)
    }
    return result
  }

  /// The gradient of input row j comes from output rows 2j − 1 to 2j + 2.
  func back(_ gradient: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [images, height, width, channels])
    eachRow(images * height) { place, scratch in
      let (image, j) = place.quotientAndRemainder(dividingBy: height)
      let first = UnsafePointer(gradient.pointer) + image * 4 * height * row
      let after = down.pointer + 1
      let before = after + height
      let lines = (2 * j - 1...2 * j + 2).map { Swift.min(Swift.max($0, 0), 2 * height - 1) }
      let rows: [UnsafePointer<Float>?] = lines.map { first + $0 * 2 * row }
      // The weights beyond the edges are 0.
      let shares = [after[j - 1], 1 - before[j], 1 - after[j], before[j + 1]]
      scant_upsample_row_back(
        rows, shares, width, channels, across.pointer, scratch, result.pointer + place * row)
    }
    return result
  }
}
