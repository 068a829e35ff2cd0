// The geometry shared by convolution and pooling.
import CKernels

/// A size along the two axes of an image: of a kernel, a stride, a padding or a window.
public struct Extent: Sendable, Equatable {
  /// Rows, such as mel bands.
  public let height: Int
  /// Columns, such as frames.
  public let width: Int

  /// A size of `height` rows and `width` columns.
  public init(_ height: Int, _ width: Int) { (self.height, self.width) = (height, width) }

  /// The same size along both axes.
  public init(_ side: Int) { self.init(side, side) }
}

extension scant_window {
  /// A kernel that slides over images of shape `input` [B, H, W, C]. The output size is rounded
  /// down.
  init(_ input: [Int], kernel: Extent, stride: Extent, padding: Extent = Extent(0)) {
    precondition(input.count == 4, "images of shape \(input); expected [B, H, W, C]")
    let height = input[1] + 2 * padding.height - kernel.height
    let width = input[2] + 2 * padding.width - kernel.width
    precondition(
      height >= 0 && width >= 0, "a kernel of \(kernel) does not fit into images of \(input)")
    self.init(
      channels: input[3], height: input[1], width: input[2], kernel_height: kernel.height,
      kernel_width: kernel.width, stride_y: stride.height, stride_x: stride.width,
      padding_y: padding.height, padding_x: padding.width,
      out_height: height / stride.height + 1, out_width: width / stride.width + 1)
  }

  /// The number of positions in an input image.
  var area: Int { height * width }
  /// The number of values under the kernel, over all channels.
  var depth: Int { channels * kernel_height * kernel_width }
}
