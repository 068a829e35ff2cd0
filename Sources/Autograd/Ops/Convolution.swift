// Two-dimensional convolution as matrix products over columns, a few images at a time.
import CKernels

extension Tensor {
  /// Cross-correlation of [B, C, H, W] with `weight` [D, C, kh, kw], plus `bias` [D]
  /// → [B, D, H′, W′], H′ = ⌊(H + 2·padding − kh) / stride⌋ + 1.
  public func conv2d(
    _ weight: Tensor, _ bias: Tensor? = nil, stride: Extent = Extent(1),
    padding: Extent = Extent(0)
  ) -> Tensor {
    precondition(
      weight.shape.count == 4 && weight.shape[1] == shape[1],
      "convolution of \(shape) with a kernel of \(weight.shape)")
    let plan = Convolution(
      window: scant_window(
        shape, kernel: Extent(weight.shape[2], weight.shape[3]), stride: stride,
        padding: padding), images: shape[0], filters: weight.shape[0])
    let result = plan.forward(self, weight, bias)
    let constant = Tensor.zeros([0])
    return result.recorded("conv2d", from: self, weight, bias ?? constant) { slope in
      [
        self.needsGradient ? plan.inputSlope(slope, weight) : nil,
        weight.needsGradient ? plan.weightSlope(slope, self, like: weight) : nil,
        bias?.needsGradient == true ? slope.sum([0, 2, 3]) : nil,
      ]
    }
  }
}

/// The sizes of one convolution and how its images are split. The split follows from the sizes
/// alone, so results do not depend on the number of threads.
private struct Convolution: @unchecked Sendable {  // safe: plain numbers, never changed
  let window: scant_window
  let images: Int
  let filters: Int

  private var positions: Int { window.positions }
  private var depth: Int { window.depth }
  private var outputSize: Int { filters * positions }
  private var inputSize: Int { window.channels * window.area }

  /// Images whose columns stand side by side in one product: small planes make thin products.
  private var together: Int { min((images + 3) / 4, max(1, 384 / max(1, positions))) }
  private var groups: Int { (images + max(1, together) - 1) / max(1, together) }
  /// Parts of the work that keep their own memory.
  private var slots: Int { min(8, groups) }

  /// Calls `body` with each group's images, group by group within a slot, slots in parallel.
  private func eachGroup(
    columns: Bool = true, _ body: @Sendable (_ slot: Int, _ images: Range<Int>, Scratch) -> Void
  ) {
    guard images > 0 else { return }
    ThreadPool.shared.parallel(slots) { slot in
      let scratch = Scratch(
        columns: Storage(depth * together * positions),
        planes: Storage(together > 1 ? outputSize * together : 0))
      for group in slot * groups / slots..<(slot + 1) * groups / slots {
        body(slot, group * together..<min(images, (group + 1) * together), scratch)
      }
    }
  }

  private struct Scratch {
    let columns: Storage  // [depth, images · positions]
    let planes: Storage  // [filters, images · positions]
  }

  private func fill(_ scratch: Scratch, from input: Tensor, _ images: Range<Int>) {
    var window = window
    for (place, image) in images.enumerated() {
      scant_im2col(
        &window, input.pointer + image * inputSize, scratch.columns.pointer + place * positions,
        images.count * positions)
    }
  }

  /// The planes of `images` side by side; in place where there is one image.
  private func side(
    _ slope: Tensor, _ images: Range<Int>, _ scratch: Scratch
  ) -> UnsafeMutablePointer<Float> {
    let first = slope.pointer + images.lowerBound * outputSize
    guard images.count > 1 else { return first }
    for place in images.indices.map({ $0 - images.lowerBound }) {
      scant_copy_rows(
        first + place * outputSize, positions, scratch.planes.pointer + place * positions,
        images.count * positions, filters, positions)
    }
    return scratch.planes.pointer
  }

  func forward(_ input: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor {
    let result = Tensor(uninitialized: [images, filters, window.out_height, window.out_width])
    eachGroup { _, images, scratch in
      fill(scratch, from: input, images)
      let width = images.count * positions
      let first = result.pointer + images.lowerBound * outputSize
      let planes = images.count > 1 ? scratch.planes.pointer : first
      BLAS.multiply(
        filters, width, depth, weight.pointer, depth, scratch.columns.pointer, width,
        into: planes, width)
      for place in 0..<images.count {
        let image = first + place * outputSize
        if images.count > 1 {
          scant_copy_rows(
            planes + place * positions, width, image, positions, filters, positions)
        }
        if let bias { scant_add_bias(image, bias.pointer, filters, positions) }
      }
    }
    return result
  }

  /// d(loss)/d(input): the transposed product, columns added back.
  func inputSlope(_ slope: Tensor, _ weight: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [images, window.channels, window.height, window.width])
    eachGroup { _, images, scratch in
      let width = images.count * positions
      BLAS.multiply(
        depth, width, filters, weight.pointer, depth, transposeA: true,
        side(slope, images, scratch), width, into: scratch.columns.pointer, width)
      var window = window
      for (place, image) in images.enumerated() {
        let target = result.pointer + image * inputSize
        target.update(repeating: 0, count: inputSize)
        scant_col2im(&window, scratch.columns.pointer + place * positions, width, target)
      }
    }
    return result
  }

  /// d(loss)/d(weight): each slot sums its images, then the slots are summed in order.
  func weightSlope(_ slope: Tensor, _ input: Tensor, like weight: Tensor) -> Tensor {
    guard images > 0 else { return .zeros(weight.shape) }
    let parts = Storage(slots * weight.count)
    eachGroup { slot, images, scratch in
      fill(scratch, from: input, images)
      let width = images.count * positions
      let isFirst = images.lowerBound == slot * groups / slots * together
      BLAS.multiply(
        filters, depth, width, side(slope, images, scratch), width, scratch.columns.pointer,
        width, transposeB: true, into: parts.pointer + slot * weight.count, depth,
        beta: isFirst ? 0 : 1)
    }
    let result = Tensor(uninitialized: weight.shape)
    scant_sum_rows(parts.pointer, slots, weight.count, result.pointer)
    return result
  }
}
