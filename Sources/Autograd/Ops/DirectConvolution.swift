// 3×3 convolution of images with few channels, summed directly along whole rows.
import CKernels

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
