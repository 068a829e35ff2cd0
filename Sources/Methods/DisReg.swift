// Dis-Reg: in training, clips lie as far apart for the model as they do for a pre-trained network.
import Autograd
import Datasets
import Layers

/// B1's loss plus λ times the difference between two pictures of the batch: how alike all pairs of
/// clips are by the model's embedding, and by the features. The features are needed in training
/// alone, and nothing has to map one to the other.
///
/// `correlation`: 1 − dCor, from Euclidean distances. `cosine`: mean over all pairs of
/// |cos(eᵢ, eⱼ) − cos(vᵢ, vⱼ)|, which cannot reach 0 where e is behind a ReLU: its cosines are
/// never negative, those of standardized features are. Two extractors: half the weight each.
/// Paper: Hung & Lerch 2022, arXiv:2206.04850; distance correlation: Székely et al. 2007,
/// doi:10.1214/009053607000000505, used so by Ding & Lerch 2023.
/// Differs: neither the term's exact form nor λ could be checked against the paper's text.
public final class DisReg: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "dis-reg", title: "Dis-Reg",
    summary: "distances between embeddings are drawn to those between pre-trained features",
    paper: FeatureInformed.paper,
    hyperparameters: FeatureInformed.hyperparameters + [measure, FeatureInformed.weight])

  enum Measure: String, CaseIterable, HyperparameterValue { case correlation, cosine }
  static let measure = Hyperparameter<Measure>(
    "measure", "measure", help: "the correlation of all pairs' distances, or their cosines",
    initial: .correlation)

  /// The features of a clip need no label.
  public static let usesUnlabelledClips = true
  public let model: any Classifier
  private let extractors: [String]
  private let settings: Settings
  private let augmentation: Augmentation

  public static func extractors(_ settings: Settings) -> [String] {
    FeatureInformed.extractors(settings)
  }

  public init(_ setup: MethodSetup) throws {
    settings = setup.settings
    extractors = FeatureInformed.extractors(settings)
    _ = try FeatureInformed.sizes(extractors, in: setup)
    model = try setup.makeModel()
    augmentation = setup.augmentation
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let seen = augmentation(batch, mode)
    let prediction = model(seen.input, mode)
    return FeatureInformed.loss(
      prediction, seen, extractors, "dis", weight: settings[FeatureInformed.weight],
      counted: seen.clips.count * seen.clips.count
    ) { difference(prediction.embedding, FeatureInformed.features(extractors[$0], of: seen)) }
  }

  /// A scalar.
  private func difference(_ embedding: Tensor, _ features: Tensor) -> Tensor {
    guard settings[Self.measure] == .correlation else {
      return (embedding.cosineSimilarity() - features.cosineSimilarity()).abs().mean()
    }
    return embedding.distanceCorrelation(features) * -1 + 1
  }

  public func distances(_ batch: Batch) -> [DistanceReport] {
    DistanceReport.all(of: model, batch, extractors)
  }
}

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
