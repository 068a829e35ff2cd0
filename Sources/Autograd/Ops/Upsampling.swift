// Bilinear upsampling by a factor of two.
import CKernels

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
      let scratch = Storage((2 * width + 2) * channels)
      withExtendedLifetime(scratch) {
        for row in start..<start + length { body(row, scratch.pointer) }
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
