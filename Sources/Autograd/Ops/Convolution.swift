// Two-dimensional convolution of [B, H, W, C]. Each algorithm has a file of its own.
import CKernels

/// An algorithm for a convolution and its gradients.
protocol ConvolutionWay: Sendable {
  func forward(_ input: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor
  /// d(loss)/d(input), of the input's shape.
  func inputGradient(_ gradient: Tensor, _ weight: Tensor) -> Tensor
  /// d(loss)/d(weight) [D, C, kh, kw].
  func weightGradient(_ gradient: Tensor, _ input: Tensor) -> Tensor
}

/// The fastest algorithm for these sizes. The choice depends on the sizes alone.
private func convolutionWay(
  _ input: [Int], _ weight: [Int], stride: Extent, padding: Extent, precision: Precision
) -> any ConvolutionWay {
  let columns = ColumnConvolution(
    input, weight, stride: stride, padding: padding, precision: precision)
  guard Array(weight[2...]) == [3, 3], stride == Extent(1), padding == Extent(1) else {
    return columns
  }
  // With few channels the vectors are not full, and the transforms cost more than they save.
  let (inputs, outputs) = (input[3], weight[0])
  if inputs <= 4 || outputs <= 4 || inputs * outputs <= 64 {
    return DirectConvolution(input, filters: outputs)
  }
  // Winograd's transforms would amplify the rounding of bfloat16. With few channels bfloat16 saves
  // no time.
  if precision == .bf16, precision.isSupported, min(inputs, outputs) >= 16 { return columns }
  return WinogradConvolution(input, filters: outputs)
}

extension Tensor {
  /// Two-dimensional convolution (cross-correlation): [B, H, W, C] → [B, H′, W′, D] with
  /// H′ = ⌊(H + 2·padding − kh) / stride⌋ + 1, and likewise for W′.
  ///
  /// - Parameters:
  ///   - weight: Kernels [D, C, kh, kw].
  ///   - bias: [D]; nil for none.
  ///   - stride: The distance between windows.
  ///   - padding: Zeros on each side.
  ///   - precision: The precision of the gradients. The result is always computed in float32.
  public func conv2d(
    _ weight: Tensor, _ bias: Tensor? = nil, stride: Extent = Extent(1),
    padding: Extent = Extent(0), precision: Precision = .fp32
  ) -> Tensor {
    precondition(
      weight.shape.count == 4 && shape.count == 4 && weight.shape[1] == shape[3],
      "convolution of \(shape) with a kernel of \(weight.shape)")
    // A 1×1 kernel is a dense layer at every position.
    if weight.count == weight.shape[0] * weight.shape[1], stride == Extent(1),
      padding == Extent(0), precision == .fp32
    {
      return linear(weight.reshape([weight.shape[0], weight.shape[1]]), bias)
    }
    func way(_ precision: Precision) -> any ConvolutionWay {
      convolutionWay(shape, weight.shape, stride: stride, padding: padding, precision: precision)
    }
    // ReLU and max-pooling decide on the result: rounding it would change their decisions.
    let result = way(.fp32).forward(self, weight, bias)
    let back = way(precision)
    let constant = Tensor.zeros([0])
    return result.recorded("conv2d", from: self, weight, bias ?? constant) { gradient in
      [
        self.needsGradient ? back.inputGradient(gradient, weight) : nil,
        weight.needsGradient ? back.weightGradient(gradient, self) : nil,
        bias?.needsGradient == true ? gradient.channelTotals() : nil,
      ]
    }
  }

  /// Transposed convolution, the adjoint of a convolution: [B, H, W, C] → [B, H′, W′, D] with
  /// H′ = (H − 1)·stride − 2·padding + kh, and likewise for W′.
  ///
  /// - Parameters:
  ///   - weight: Kernels [C, D, kh, kw].
  ///   - bias: [D]; nil for none.
  ///   - stride: The stride of the convolution that this is the adjoint of.
  ///   - padding: The padding of that convolution.
  public func transposedConv2d(
    _ weight: Tensor, _ bias: Tensor? = nil, stride: Extent = Extent(1),
    padding: Extent = Extent(0)
  ) -> Tensor {
    precondition(
      weight.shape.count == 4 && shape.count == 4 && weight.shape[0] == shape[3],
      "transposed convolution of \(shape) with a kernel of \(weight.shape)")
    let height = (shape[1] - 1) * stride.height - 2 * padding.height + weight.shape[2]
    let width = (shape[2] - 1) * stride.width - 2 * padding.width + weight.shape[3]
    let plan = ColumnConvolution(
      [shape[0], height, width, weight.shape[1]], weight.shape, stride: stride, padding: padding)
    let result = plan.inputGradient(detached, weight)
    let constant = Tensor.zeros([0])
    let shaped = bias.map { result + $0.detached } ?? result
    return shaped.recorded("transposedConv2d", from: self, weight, bias ?? constant) { gradient in
      [
        self.needsGradient ? plan.forward(gradient, weight, nil) : nil,
        weight.needsGradient ? plan.weightGradient(self, gradient) : nil,
        bias?.needsGradient == true ? gradient.channelTotals() : nil,
      ]
    }
  }

  /// Σ over all rows of [..., C] → [C].
  func channelTotals() -> Tensor {
    let channels = shape.last ?? 1
    let zero = Tensor.zeros([channels])
    let parts = (count / Swift.max(1, channels) + rowsOfAPart - 1) / rowsOfAPart
    let sums = PartialSums(parts: parts, width: 2 * channels)
    eachRows { start, rows, channels in
      scant_moment_sums(
        pointer + start * channels, rows, channels, zero.pointer, sums[start / rowsOfAPart])
    }
    return Tensor(sums.total()[..<channels].map { Float($0) }, [channels])
  }

  /// The kernel of the convolution that propagates gradients to the input: [D, C, kh, kw] →
  /// [C, D, kh, kw], rotated by 180 degrees. No gradient flows through it.
  func rotatedKernel() -> Tensor {
    let (d, c, height, width) = (shape[0], shape[1], shape[2], shape[3])
    let result = Tensor(uninitialized: [c, d, height, width])
    guard count > 0 else { return result }
    let area = height * width
    scant_gather(
      4, result.shape, pointer + area - 1, [area, c * area, -width, -1], result.pointer)
    return result
  }
}

/// A direct 3×3 convolution with stride 1 and padding 1. All splits depend on the sizes alone.
/// `@unchecked Sendable`: it holds only numbers that never change.
struct DirectConvolution: ConvolutionWay, @unchecked Sendable {
  private let plan: scant_direct

  /// `input` [B, H, W, C].
  init(_ input: [Int], filters: Int) {
    plan = scant_direct(
      images: input[0], height: input[1], width: input[2], inputs: input[3], outputs: filters)
  }

  func forward(_ input: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor {
    let result = Tensor(uninitialized: [plan.images, plan.height, plan.width, plan.outputs])
    let sums = PartialSums(parts: parts, width: 2 * plan.outputs)
    eachPart { plan, part, scratch in
      scant_direct_forward(
        plan, input.pointer, weight.pointer, bias?.pointer, result.pointer, sums[part], scratch,
        part)
    }
    result.storage.channelSums = ChannelSums(sums.total())
    return result
  }

  /// d(loss)/d(input)
  func inputGradient(_ gradient: Tensor, _ weight: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [plan.images, plan.height, plan.width, plan.inputs])
    eachPart { plan, part, scratch in
      scant_direct_input_gradient(
        plan, gradient.pointer, weight.pointer, result.pointer, scratch, part)
    }
    return result
  }

  /// d(loss)/d(weight) [D, C, 3, 3]. The gradients of the parts are summed in order.
  func weightGradient(_ gradient: Tensor, _ input: Tensor) -> Tensor {
    let sums = PartialSums(parts: parts, width: plan.outputs * plan.inputs * 9)
    eachPart { plan, part, scratch in
      scant_direct_weight_gradient(
        plan, input.pointer, gradient.pointer, sums[part], scratch, part)
    }
    return Tensor(sums.total().map { Float($0) }, [plan.outputs, plan.inputs, 3, 3])
  }

  private var parts: Int { withUnsafePointer(to: plan) { scant_direct_parts($0) } }

  private func eachPart(
    _ body: @Sendable (UnsafePointer<scant_direct>, Int, UnsafeMutablePointer<Float>) -> Void
  ) {
    ThreadPool.shared.parallel(parts) { part in
      withUnsafePointer(to: plan) { plan in
        Storage.scratch(scant_direct_scratch(plan)) { body(plan, part, $0) }
      }
    }
  }
}
