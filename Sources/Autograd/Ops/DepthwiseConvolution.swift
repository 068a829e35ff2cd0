// Depthwise convolution of [B, H, W, C], and padding that differs from side to side.
import CKernels

/// The zeros around the images of a convolution.
public enum ConvolutionPadding: Sendable, Equatable {
  /// The same number of rows above and below, and of columns left and right, as in PyTorch.
  case zeros(Extent)
  /// TensorFlow's "SAME": as many zeros as give ⌈H / stride⌉ rows and ⌈W / stride⌉ columns. If the
  /// number of zeros is odd, there is one more below and right than above and left.
  case same

  /// The zeros above and left, and below and right, of images [B, H, W, C].
  func sides(
    of input: [Int], kernel: Extent, stride: Extent
  ) -> (before: Extent, after: Extent) {
    switch self {
    case .zeros(let extent): return (extent, extent)
    case .same:
      func total(_ length: Int, _ kernel: Int, _ stride: Int) -> Int {
        max(0, ((length + stride - 1) / stride - 1) * stride + kernel - length)
      }
      let rows = total(input[1], kernel.height, stride.height)
      let columns = total(input[2], kernel.width, stride.width)
      return (Extent(rows / 2, columns / 2), Extent(rows - rows / 2, columns - columns / 2))
    }
  }
}

extension Tensor {
  /// Two-dimensional convolution with any padding: [B, H, W, C] → [B, H′, W′, D].
  ///
  /// - Parameters:
  ///   - weight: Kernels [D, C, kh, kw].
  ///   - bias: [D]; nil for none.
  ///   - stride: The distance between windows.
  ///   - padding: The zeros around the images.
  public func conv2d(
    _ weight: Tensor, _ bias: Tensor? = nil, stride: Extent = Extent(1),
    padding: ConvolutionPadding
  ) -> Tensor {
    let kernel = Extent(weight.shape[2], weight.shape[3])
    let (before, after) = padding.sides(of: shape, kernel: kernel, stride: stride)
    if before == after { return conv2d(weight, bias, stride: stride, padding: before) }
    return pad(1, before: before.height, after: after.height)
      .pad(2, before: before.width, after: after.width).conv2d(weight, bias, stride: stride)
  }

  /// Depthwise convolution, which filters every channel by a kernel of its own: [B, H, W, C] →
  /// [B, H′, W′, C]. Paper: Howard et al. 2017, arXiv:1704.04861.
  ///
  /// - Parameters:
  ///   - weight: Kernels [C, 1, kh, kw].
  ///   - bias: [C]; nil for none.
  ///   - stride: The distance between windows.
  ///   - padding: The zeros around the images.
  public func depthwiseConv2d(
    _ weight: Tensor, _ bias: Tensor? = nil, stride: Extent = Extent(1),
    padding: ConvolutionPadding = .zeros(Extent(0))
  ) -> Tensor {
    precondition(
      shape.count == 4 && weight.shape.count == 4 && weight.shape[0] == shape[3]
        && weight.shape[1] == 1 && (bias.map { $0.shape == [shape[3]] } ?? true),
      "depthwise convolution of \(shape) with a kernel of \(weight.shape)")
    let plan = DepthwiseConvolution(shape, weight.shape, stride: stride, padding: padding)
    let result = plan.forward(self, weight, bias)
    let constant = Tensor.zeros([0])
    return result.recorded("depthwiseConv2d", from: self, weight, bias ?? constant) { gradient in
      [
        self.needsGradient ? plan.inputGradient(gradient, weight) : nil,
        weight.needsGradient ? plan.weightGradient(gradient, self) : nil,
        bias?.needsGradient == true ? gradient.channelTotals() : nil,
      ]
    }
  }
}

/// The sizes of a depthwise convolution. All splits depend on the sizes alone, so results do not
/// depend on the number of threads.
/// `@unchecked Sendable`: it holds only numbers that never change.
private struct DepthwiseConvolution: @unchecked Sendable {
  private let window: scant_window
  private let images: Int

  init(_ input: [Int], _ weight: [Int], stride: Extent, padding: ConvolutionPadding) {
    let kernel = Extent(weight[2], weight[3])
    let (before, after) = padding.sides(of: input, kernel: kernel, stride: stride)
    window = scant_window(input, kernel: kernel, stride: stride, before: before, after: after)
    images = input[0]
  }

  private var inputSize: Int { window.area * window.channels }
  private var inputRow: Int { window.width * window.channels }
  private var outputRow: Int { window.out_width * window.channels }
  private var taps: Int { window.kernel_height * window.kernel_width }

  /// Calls `body` with each of `count` rows. Each part has enough of them to outweigh the cost of a
  /// thread.
  private func eachRow(
    _ count: Int, of length: Int, _ body: @Sendable (inout scant_window, Int) -> Void
  ) {
    parallelParts(count, grain: max(1, 262_144 / max(1, length * taps))) { start, rows in
      var window = window
      for row in start..<start + rows { body(&window, row) }
    }
  }

  /// The kernels as the C loops read them: [C, 1, kh, kw] → [kh, kw, C].
  private func kernel(_ weight: Tensor) -> Tensor { weight.detached.transpose([2, 3, 0, 1]) }

  func forward(_ input: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor {
    let rows = window.out_height
    let result = Tensor(uninitialized: [images, rows, window.out_width, window.channels])
    let kernel = kernel(weight)
    eachRow(images * rows, of: outputRow) { window, row in
      scant_depthwise(
        &window, input.pointer + row / rows * inputSize, kernel.pointer, bias?.pointer,
        result.pointer + row * outputRow, row % rows)
    }
    return result
  }

  /// d(loss)/d(input), of the input's shape.
  func inputGradient(_ gradient: Tensor, _ weight: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [images, window.height, window.width, window.channels])
    let (rows, outputSize) = (window.height, window.out_height * outputRow)
    let kernel = kernel(weight)
    eachRow(images * rows, of: inputRow) { window, row in
      scant_depthwise_input_gradient(
        &window, gradient.pointer + row / rows * outputSize, kernel.pointer,
        result.pointer + row * inputRow, row % rows)
    }
    return result
  }

  /// d(loss)/d(weight) [C, 1, kh, kw]. Output rows are summed in at most 8 parts, then the parts in
  /// order.
  func weightGradient(_ gradient: Tensor, _ input: Tensor) -> Tensor {
    let (rows, channels) = (window.out_height, window.channels)
    let total = images * rows
    let sums = PartialSums(parts: min(8, total), width: taps * channels)
    ThreadPool.shared.parallel(min(8, total)) { part in
      var window = window
      Storage.scratch(taps * channels) { scratch in
        for row in part * total / min(8, total)..<(part + 1) * total / min(8, total) {
          scant_depthwise_kernel_gradient(
            &window, input.pointer + row / rows * inputSize, gradient.pointer + row * outputRow,
            scratch, sums[part], row % rows)
        }
      }
    }
    let kernel = Tensor(
      sums.total().map { Float($0) }, [window.kernel_height, window.kernel_width, channels, 1])
    return kernel.transpose([2, 3, 0, 1])
  }
}
