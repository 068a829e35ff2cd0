import Autograd
import Datasets
import Layers

/// Cosine distances 1 − cos between all pairs of N clips, for a model and for an extractor that it
/// learns from.
public struct DistanceReport: Sendable, Equatable {
  /// The id of the extractor.
  public let extractor: String
  /// The distances of the model's embeddings, [N, N], row-major.
  public let ours: [Float]
  /// The distances of the extractor's features, [N, N], row-major.
  public let theirs: [Float]

  /// The distances for the model in evaluation mode and for the features in the batch.
  static func all(
    of model: any Classifier, _ batch: Batch, _ extractors: [String]
  ) -> [DistanceReport] {
    let ours = distances(model(batch.input, .evaluation()).embedding)
    return extractors.map { id in
      DistanceReport(
        extractor: id, ours: ours, theirs: distances(FeatureInformed.features(id, of: batch)))
    }
  }

  private static func distances(_ rows: Tensor) -> [Float] {
    rows.detached.cosineSimilarity().values.map { 1 - $0 }
  }
}
