// The audio network of OpenL3: one second's picture to a map of 512 channels.
import Autograd
import Layers

/// Batch norm on the input, then seven 3×3 convolutions with batch norm and ReLU, the second,
/// fourth and sixth followed by pooling, and an eighth without either. 4,687,042 parameters, and
/// 2818 running statistics.
/// Paper: Cramer et al. 2019, doi:10.1109/ICASSP.2019.8682475.
package struct OpenL3Network: Sendable {
  private struct Norm: Sendable { let scale, shift, mean, variance: Tensor }
  private struct Convolution: Sendable { let weight, bias: Tensor }

  /// Channels of the convolutions, the input's first.
  package static let channels = [1, 64, 64, 128, 128, 256, 256, 512, 512]
  /// Keras' default.
  private static let epsilon: Float = 1e-3
  private static let last = "audio_embedding_layer"

  private let norms: [Norm]
  private let convolutions: [Convolution]

  /// Takes layers in the order that their numbered names have, as Keras itself loads them: the
  /// published files count their layers from different numbers. Throws `Problem`.
  package init(_ weights: WeightTable) throws {
    let layers = NumberedLayers(weights)
    let channels = Self.channels
    let norms = layers.named("batch_normalization")
    let convolutions = layers.named("conv2d") + layers.named(Self.last)
    guard norms.count == channels.count - 1, convolutions.count == channels.count - 1 else {
      throw weights.error(
        "\(convolutions.count) convolutions and \(norms.count) batch normalizations; expected "
          + "\(channels.count - 1) of each, as OpenL3's audio networks have")
    }
    self.norms = try zip(norms, channels).map { layer, channels in
      func take(_ name: String) throws -> Tensor { try layer.take(name, [channels]) }
      return Norm(
        scale: try take("gamma"), shift: try take("beta"), mean: try take("moving_mean"),
        variance: try take("moving_variance"))
    }
    self.convolutions = try convolutions.enumerated().map { index, layer in
      let (inputs, outputs) = (channels[index], channels[index + 1])
      return Convolution(
        weight: try layer.take("kernel", [3, 3, inputs, outputs]).transpose([3, 2, 0, 1]),
        bias: try layer.take("bias", [outputs]))
    }
  }

  /// [B, F, T] → [B, F / 8, T / 8, 512]
  package func callAsFunction(_ pictures: Tensor) -> Tensor {
    var x = pictures.reshape(pictures.shape + [1])
    x = apply(norms[0], x, Epilogue())
    for (index, convolution) in convolutions.enumerated() {
      x = x.conv2d(convolution.weight, convolution.bias, padding: Extent(1))
      guard index + 1 < norms.count else { break }
      let pool = index % 2 == 1 ? Extent(2) : nil
      x = apply(norms[index + 1], x, Epilogue(relu: true, pool: pool))
    }
    return x
  }

  private func apply(_ norm: Norm, _ x: Tensor, _ epilogue: Epilogue) -> Tensor {
    x.batchNorm(
      norm.scale, norm.shift, mean: norm.mean, variance: norm.variance, epsilon: Self.epsilon,
      epilogue)
  }
}
