// 3×3 convolution by Winograd's minimal filtering: tiles of the input and the kernel are
// transformed, multiplied element by element, and transformed back. This takes 2.25 or 4 times
// fewer multiplications than the direct sum. Paper: Lavin & Gray 2016, arXiv:1509.09308.
import CKernels

/// A Winograd convolution with stride 1 and padding 1. All splits depend on the sizes alone.
/// `@unchecked Sendable`: it holds only numbers that never change.
struct WinogradConvolution: ConvolutionWay, @unchecked Sendable {
  private let plan: scant_winograd

  /// `input` [B, H, W, C].
  init(_ input: [Int], filters: Int) {
    // Outputs of a tile along an axis: 4 needs the fewest multiplications, but wastes most of a
    // narrow image.
    let tile = min(input[1], input[2]) > 2 ? 4 : 2
    plan = scant_winograd(
      images: input[0], height: input[1], width: input[2], inputs: input[3], outputs: filters,
      tile: tile)
  }

  func forward(_ input: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor {
    let sums = PartialSums(parts: blocks, width: 2 * plan.outputs)
    let result = convolved(input, weight, bias, turned: false, sums)
    result.storage.channelSums = ChannelSums(sums.total())
    return result
  }

  /// d(loss)/d(input): the convolution of the gradient with the kernel rotated by 180 degrees.
  func inputGradient(_ gradient: Tensor, _ weight: Tensor) -> Tensor {
    WinogradConvolution(gradient.shape, filters: plan.inputs)
      .convolved(gradient, weight, nil, turned: true, nil)
  }

  private var blocks: Int { withUnsafePointer(to: plan) { scant_winograd_blocks($0) } }

  private func convolved(
    _ input: Tensor, _ weight: Tensor, _ bias: Tensor?, turned: Bool, _ sums: PartialSums?
  ) -> Tensor {
    let result = Tensor(uninitialized: [plan.images, plan.height, plan.width, plan.outputs])
    withUnsafePointer(to: plan) { plan in
      let kernel = Storage(scant_winograd_weight_size(plan))
      defer { withExtendedLifetime(kernel) {} }
      parallel(scant_winograd_weight_parts(plan)) { plan, part in
        scant_winograd_weights(plan, weight.pointer, turned ? 1 : 0, kernel.pointer, part)
      }
      parallel(scant_winograd_blocks(plan)) { plan, block in
        Storage.scratch(scant_winograd_scratch(plan)) {
          scant_winograd_forward(
            plan, input.pointer, kernel.pointer, bias?.pointer, result.pointer, sums?[block], $0,
            block)
        }
      }
    }
    return result
  }

  /// d(loss)/d(weight) [D, C, 3, 3]. Each round transforms tiles of both tensors and multiplies
  /// them.
  func weightGradient(_ gradient: Tensor, _ input: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [plan.outputs, plan.inputs, 3, 3])
    withUnsafePointer(to: plan) { plan in
      let scratch = Storage(scant_winograd_gradient_scratch(plan))
      defer { withExtendedLifetime(scratch) {} }
      for round in 0..<scant_winograd_gradient_rounds(plan) {
        for phase in 0..<Int32(2) {
          parallel(scant_winograd_gradient_parts(plan, phase)) { plan, part in
            scant_winograd_gradient(
              plan, input.pointer, gradient.pointer, scratch.pointer, round, phase, part)
          }
        }
      }
      parallel(scant_winograd_gradient_finish_parts(plan)) { plan, part in
        scant_winograd_gradient_finish(plan, scratch.pointer, result.pointer, part)
      }
    }
    return result
  }

  private func parallel(
    _ parts: Int, _ body: @Sendable (UnsafePointer<scant_winograd>, Int) -> Void
  ) {
    ThreadPool.shared.parallel(parts) { part in
      withUnsafePointer(to: plan) { body($0, part) }
    }
  }
}
