// Convolutions of frozen networks, read together with the batch normalisation behind them.
import Autograd
import Formats

/// A convolution whose batch normalisation is part of its weights and bias. While the statistics
/// are frozen, γ · (conv(x) − mean) / √(variance + ε) + β is itself a convolution.
struct FoldedConvolution: Sendable {
  /// [D, C, kh, kw], or [C, 1, kh, kw] if every channel has a kernel of its own.
  var weight: Tensor
  /// [D]
  var bias: Tensor
  let isDepthwise: Bool
  let stride: Extent
  let padding: ConvolutionPadding

  /// Batch normalisation as files store it, [D] each; without γ it is 1.
  struct Normalization {
    var gamma: Tensor?
    let beta, mean, variance: Tensor
    let epsilon: Float
  }

  init(
    _ weight: Tensor, _ norm: Normalization, isDepthwise: Bool = false, stride: Int = 1,
    padding: ConvolutionPadding
  ) {
    let root = (norm.variance + norm.epsilon).squareRoot()
    let scale = norm.gamma.map { $0 / root } ?? Tensor(repeating: 1, root.shape) / root
    self.weight = weight * scale.reshape([scale.count, 1, 1, 1])
    bias = norm.beta - norm.mean * scale
    self.isDepthwise = isDepthwise
    self.stride = Extent(stride)
    self.padding = padding
  }

  /// [B, H, W, C] → [B, H′, W′, D]
  func callAsFunction(_ x: Tensor) -> Tensor {
    isDepthwise
      ? x.depthwiseConv2d(weight, bias, stride: stride, padding: padding)
      : x.conv2d(weight, bias, stride: stride, padding: padding)
  }

  /// The same for a 1×1 kernel, plus a residual of the result's shape.
  func callAsFunction(_ x: Tensor, adding residual: Tensor) -> Tensor {
    x.linear(weight.reshape([weight.shape[0], weight.shape[1]]), bias, adding: residual)
  }
}

extension WeightTable {
  /// A convolution and its batch normalisation, named as torchvision does: `<prefix>.0.weight`,
  /// `<prefix>.1.running_mean` and so on. The zeros on each side keep the size at stride 1.
  ///
  /// - Throws: `Problem` if a tensor is missing or has another shape.
  func torchConvolution(
    _ prefix: String, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1,
    isDepthwise: Bool = false, epsilon: Float
  ) throws -> FoldedConvolution {
    let weight = try take(
      "\(prefix).0.weight", [outputs, isDepthwise ? 1 : inputs, kernel, kernel])
    func moment(_ name: String) throws -> Tensor { try take("\(prefix).1.\(name)", [outputs]) }
    let norm = FoldedConvolution.Normalization(
      gamma: try moment("weight"), beta: try moment("bias"), mean: try moment("running_mean"),
      variance: try moment("running_var"), epsilon: epsilon)
    return FoldedConvolution(
      weight, norm, isDepthwise: isDepthwise, stride: stride,
      padding: .zeros(Extent((kernel - 1) / 2)))
  }
}
