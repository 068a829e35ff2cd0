// Attention pooling on sequences of embeddings: an attention-weighted mean of frame predictions.
import Acoustics
import Autograd
import Layers

/// Decision-level single attention on embeddings [B, T, F], or on a log-mel [B, 1, M, T] as a
/// sequence of T frames with M features. It predicts probabilities.
/// Paper: Gururani & Lerch 2021, arXiv:2111.12761 (after Gururani, Sharma & Lerch 2019,
/// arXiv:1907.04294). 55,336 parameters for 3 layers, 128 features and 20 classes.
public final class AttentionPooling: Backbone {
  /// Normalises and combines the features of each frame.
  private struct Body: Parametric {
    let conv1x1: [Conv2d]
    let batchnorm: [BatchNorm]
  }
  /// The weight and the prediction of each frame, per class.
  private struct Head: Parametric {
    let att: Conv2d
    let cla: Conv2d
  }

  private let emb: Body
  private let attention: Head
  private let dropout: Dropout
  private let features: Int

  public static let head = "attention."
  public var embeddingWidth: Int { features }

  /// A network for embeddings of `features` values, with `layers` layers before the attention.
  public init(
    classes: Int, features: Int, layers: Int = 3, dropout: Double = 0.6, random: RandomSource
  ) {
    func conv(_ outputs: Int, bias: Bool) -> Conv2d {
      Conv2d(
        features, outputs, kernel: Extent(1), bias: bias, initialization: .he, random: random)
    }
    emb = Body(
      conv1x1: (0..<layers).map { _ in conv(features, bias: false) },
      batchnorm: (0...layers).map { _ in BatchNorm(features) })
    attention = Head(att: conv(classes, bias: true), cla: conv(classes, bias: true))
    self.dropout = Dropout(dropout)
    self.features = features
  }

  /// y_k = Σ_t (a_kt / Σ_t′ a_kt′) · c_kt, with a and c in 0...1.
  public func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let h = hidden(input, mode)
    let pooled = logits(h, mode).attentionPooled()
    return Prediction(.probabilities(pooled), embedding: h.globalMean())
  }

  /// The input of the head, [B, T, 1, F].
  private func hidden(_ input: Tensor, _ mode: Mode) -> Tensor {
    let x = frames(input)  // [B, T, 1, F]
    var h = emb.batchnorm[0](x, mode)
    for (conv, norm) in zip(emb.conv1x1, emb.batchnorm.dropFirst()) {
      h = norm(conv(h, mode), relu: true, dropout: dropout, mode)
    }
    return h + x
  }

  /// The logits of the weights a, then those of the predictions c, [B, T, 2·C]: two 1×1
  /// convolutions in one matrix product.
  private func logits(_ h: Tensor, _ mode: Mode) -> Tensor {
    let layers = [attention.att, attention.cla].map { conv in
      (weight: mode.use(conv.weight).reshape([-1, features]), bias: conv.bias.map(mode.use))
    }
    return h.linear(layers).reshape([h.shape[0], h.shape[1], -1])
  }

  /// The input as one row of features per frame: [B, T, 1, F].
  private func frames(_ input: Tensor) -> Tensor {
    let shape = input.shape
    let isSpectrogram = shape.count == 4
    precondition(
      shape.count == 3 || isSpectrogram && shape[1] == 1,
      "attention pooling of \(shape); expected [B, T, F] or [B, 1, M, T]")
    let x = isSpectrogram ? input.transpose([0, 3, 1, 2]) : input
    let count = isSpectrogram ? shape[3] : shape[1]
    precondition(
      x.count == shape[0] * features * count, "input \(shape); expected \(features) features")
    return x.reshape([shape[0], count, 1, features])
  }
}

extension AttentionPooling: TimedClassifier {
  public func contributions(_ input: Tensor) -> Tensor {
    let logits = logits(hidden(input, .evaluation()), .evaluation())  // [B, T, 2·C]
    let classes = logits.shape[2] / 2
    let weights = logits.slice(2, 0..<classes).sigmoid().clamp(1e-7, 1 - 1e-7)
    let predictions = logits.slice(2, classes..<2 * classes).sigmoid()
    return weights / weights.sum([1], keepingDimensions: true) * predictions
  }
}

extension AttentionPooling: ModelBlueprint {
  /// Id, title, summary, paper and settings.
  public static let card = Card(
    id: "attention", title: "Attention pooling",
    summary: "Every frame decides, attention weighs the decisions; 55,000 parameters on embeddings",
    paper: "Gururani & Lerch 2021, arXiv:2111.12761",
    hyperparameters: [source, layer, standardize, layers, dropout])

  private static let logMel = "log-mel"
  private static let source = Hyperparameter<String>(
    "input", "input", help: "a log-mel's frames, or the embeddings of an extractor",
    initial: logMel, choices: [logMel] + ModelInput.extractors)
  private static let layer = Hyperparameter<String>.layer("layer", of: source, "the input")
  private static let standardize = Hyperparameter<Bool>(
    "standardize", "standardize", help: "scale each feature to mean 0 and standard deviation 1",
    initial: true)
  private static let layers = Hyperparameter<Int>(
    "layers", "layers", help: "dense layers applied to each frame", initial: 3,
    range: 0...8)
  private static let dropout = Hyperparameter<Double>(
    "dropout", "dropout", help: "dropout rate of each layer", initial: 0.6,
    range: 0...0.9)

  public static func input(_ settings: Settings) -> ModelInput {
    guard settings[source] != logMel else {
      return .frontEnd(.band, standardized: settings[standardize])
    }
    let reference = ExtractorReference(settings[source], layer: settings[layer])
    return .embeddings(reference.text, standardized: settings[standardize])
  }

  public static func make(
    classes: Int, input: InputSize, settings: Settings, random: RandomSource
  ) throws -> any Classifier {
    AttentionPooling(
      classes: classes, features: input.bands, layers: settings[layers],
      dropout: settings[dropout], random: random)
  }
}
