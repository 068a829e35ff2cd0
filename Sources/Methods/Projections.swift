// Linear maps between a model's embedding and pre-trained features, used only in training.
import Autograd
import Layers

/// For each extractor, a linear map of the embedding and, optionally, one of the features.
struct Projections: Parametric {
  private let embedding: [Linear]
  private let features: [Linear]

  /// Maps embedding and features to `width` values. If `width` is nil, the embedding is mapped to
  /// the size of each extractor's features.
  init(from embedding: Int, to features: [Int], width: Int?, random: RandomSource) {
    self.embedding = features.map { Linear(embedding, width ?? $0, random: random) }
    self.features = width.map { width in features.map { Linear($0, width, random: random) } } ?? []
  }

  /// The mapped embedding of the model, [B, width].
  func embedding(_ value: Tensor, for index: Int, _ mode: Mode) -> Tensor {
    embedding[index](value, mode)
  }

  /// The mapped features of the extractor, [B, width].
  func features(_ value: Tensor, of index: Int, _ mode: Mode) -> Tensor {
    features.isEmpty ? value : features[index](value, mode)
  }
}

/// A model together with its projections: the network that the optimizer updates. Only the model is
/// saved.
final class GuidedModel: Classifier {
  private let model: any Classifier
  let projections: Projections

  init(_ model: any Classifier, _ projections: Projections) {
    self.model = model
    self.projections = projections
  }

  var namedParameters: [(name: String, parameter: Parameter)] {
    model.namedParameters + projections.namedParameters.map { ("guide.\($0.name)", $0.parameter) }
  }

  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction { model(input, mode) }
}
