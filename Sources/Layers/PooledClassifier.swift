// A pre-processor of pictures as a classifier by itself.
import Autograd

/// A layer [B, M, T, 1] → [B, M, T, 1], the means of 8 × 96 windows of its picture, and an output
/// mapping of these 768 values.
/// Paper: "CNN" and "U-Net" beside the reprogrammed systems of Chen & Lerch 2022, arXiv:2211.08379.
/// Differs: their stand-alone file flattens the whole picture into a linear layer of 2.6 million
/// weights; 768 values make the head as large as that of the reprogrammed network.
public final class PooledClassifier: Backbone, InputChanging {
  private let input: any Layer
  private let output: OutputMapping

  /// Bands and frames that are left.
  public static let windows = Extent(8, 96)
  public static let head = "output."
  public var embeddingWidth: Int { Self.windows.height * Self.windows.width }

  public init(_ input: any Layer, classes: Int, random: RandomSource) {
    self.input = input
    output = OutputMapping(Self.windows.height * Self.windows.width, classes, random: random)
  }

  /// [B, 1, M, T], or a sequence [B, T, D] as the picture it is too.
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
  /// A classifier's input, [B, 1, M, T] or [B, T, D], as images of one channel.
  package var asPicture: Tensor {
    precondition(
      shape.count == 3 || shape.count == 4 && shape[1] == 1,
      "\(shape) are no pictures; expected [B, 1, M, T] or [B, T, D]")
    return reshape([shape[0], shape[shape.count - 2], shape[shape.count - 1], 1])
  }
}
