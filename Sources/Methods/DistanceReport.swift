// How far apart clips lie, by a model and by the extractor it learns from.
import Autograd
import Datasets
import Layers

/// Cosine distances 1 − cos between all pairs of N clips.
public struct DistanceReport: Sendable, Equatable {
  public let extractor: String
  /// [N, N] each, row-major.
  public let ours, theirs: [Float]

  /// By the model in evaluation mode, and by the features of the batch.
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
