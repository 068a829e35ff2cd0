// Maps between a model's embeddings and pre-trained features; used in training alone.
import Autograd
import Layers

/// One linear map of the embedding for each extractor, and one of its features where they are
/// mapped too.
struct Projections: Parametric {
  private let embedding: [Linear]
  private let features: [Linear]

  /// D values to `width` in common; without it the embedding is mapped to each extractor's D.
  init(from embedding: Int, to features: [Int], width: Int?, random: RandomSource) {
    self.embedding = features.map { Linear(embedding, width ?? $0, random: random) }
    self.features = width.map { width in features.map { Linear($0, width, random: random) } } ?? []
  }

  /// [B, D] of the model.
  func embedding(_ value: Tensor, for index: Int, _ mode: Mode) -> Tensor {
    embedding[index](value, mode)
  }

  /// [B, D] of the extractor.
  func features(_ value: Tensor, of index: Int, _ mode: Mode) -> Tensor {
    features.isEmpty ? value : features[index](value, mode)
  }
}

/// A model and the projections behind it, trained together: what the optimizer moves, not what is
/// kept.
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
