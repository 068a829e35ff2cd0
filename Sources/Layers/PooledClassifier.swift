import Autograd

/// A stand-alone classifier from a spectrogram pre-processor: a layer [B, M, T, 1] →
/// [B, M, T, 1], adaptive average pooling to 8 × 96, and an output mapping of these 768 values.
///
/// Paper: the baselines "CNN" and "U-Net" of Chen & Lerch 2022, arXiv:2211.08379.
///
/// Differs: their code flattens the whole output into a dense layer of 2.6 million weights. Here
/// 768 values make the head as large as that of the reprogrammed network.
public final class PooledClassifier: Backbone, InputChanging {
  private let input: any Layer
  private let output: OutputMapping

  /// The bands and frames after pooling.
  public static let windows = Extent(8, 96)
  public static let head = "output."
  public var embeddingWidth: Int { Self.windows.height * Self.windows.width }

  /// A classifier of C = `classes` classes around the layer `input`.
  public init(_ input: any Layer, classes: Int, random: RandomSource) {
    self.input = input
    output = OutputMapping(Self.windows.height * Self.windows.width, classes, random: random)
  }

  /// Predicts spectrograms [B, 1, M, T], or sequences [B, T, D], which are treated as images of one
  /// channel.
  public func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let picture = changed(input, mode).asPicture.adaptiveAveragePool2d(Self.windows)
    let embedding = picture.reshape([input.shape[0], embeddingWidth])
    return Prediction(.logits(output(embedding, mode)), embedding: embedding)
  }

  public var changesInput: Bool { true }

  public func changed(_ input: Tensor, _ mode: Mode) -> Tensor {
    let layer = self.input
    return layer(input.asPicture, mode).reshape(input.shape)
  }
}

extension Tensor {
  /// A classifier's input [B, 1, M, T] or [B, T, D] as images of one channel: [B, M, T, 1] or
  /// [B, T, D, 1].
  package var asPicture: Tensor {
    precondition(
      shape.count == 3 || shape.count == 4 && shape[1] == 1,
      "features of shape \(shape); expected [B, 1, M, T] or [B, T, D]")
    return reshape([shape[0], shape[shape.count - 2], shape[shape.count - 1], 1])
  }
}
