// The geometry that convolution and pooling share.
import CKernels

/// Sizes along the two axes of a plane.
public struct Extent: Sendable, Equatable {
  public let height: Int
  public let width: Int

  public init(_ height: Int, _ width: Int) { (self.height, self.width) = (height, width) }
  /// The same along both axes.
  public init(_ side: Int) { self.init(side, side) }
}

extension scant_window {
  /// A kernel sliding over planes of `input` [B, H, W, C]; the output size is rounded down.
  init(_ input: [Int], kernel: Extent, stride: Extent, padding: Extent = Extent(0)) {
    precondition(input.count == 4, "planes have shape [B, H, W, C], not \(input)")
    let height = input[1] + 2 * padding.height - kernel.height
    let width = input[2] + 2 * padding.width - kernel.width
    precondition(
      height >= 0 && width >= 0, "a kernel of \(kernel) does not fit into planes of \(input)")
    self.init(
      channels: input[3], height: input[1], width: input[2], kernel_height: kernel.height,
      kernel_width: kernel.width, stride_y: stride.height, stride_x: stride.width,
      padding_y: padding.height, padding_x: padding.width,
      out_height: height / stride.height + 1, out_width: width / stride.width + 1)
  }

  /// Positions of an input plane.
  var area: Int { height * width }
  /// Values under the kernel, over all channels.
  var depth: Int { channels * kernel_height * kernel_width }
}
