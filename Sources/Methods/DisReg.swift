// Dis-Reg: a regulariser makes distances between embeddings resemble those between features.
import Autograd
import Datasets
import Layers

/// B1's loss plus λ times the difference between the pairwise similarities of the clips of a batch,
/// by the model's embeddings e and by the features v. The features are needed for training only. No
/// projection between the two is learned.
///
/// `correlation`: 1 − dCor, from Euclidean distances. `cosine`: the mean over all pairs of
/// |cos(eᵢ, eⱼ) − cos(vᵢ, vⱼ)|. It cannot reach 0 for embeddings after a ReLU, whose cosines are
/// never negative, while those of standardized features are. With two extractors, each has half the
/// weight.
/// Paper: Hung & Lerch 2022, arXiv:2206.04850; distance correlation: Székely et al. 2007,
/// doi:10.1214/009053607000000505, as a loss in Ding & Lerch 2023.
/// Differs: we could check neither the exact form of the term nor λ against the text of the paper.
public final class DisReg: FeatureInformedMethod {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "dis-reg", title: "Dis-Reg",
    summary: "distances between embeddings are drawn to those between pre-trained features",
    paper: FeatureInformed.paper,
    hyperparameters: FeatureInformed.hyperparameters + [measure, weight, FeatureInformed.align])

  static let weight = FeatureInformed.weight(initial: 1)
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

  public init(_ setup: MethodSetup) throws {
    settings = setup.settings
    extractors = FeatureInformed.extractors(settings)
    _ = try FeatureInformed.sizes(extractors, in: setup)
    model = try setup.makeModel()
    augmentation = setup.augmentation
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let augmented = augmentation(batch, mode)
    let prediction = model(augmented.input, mode)
    let clips = augmented.clips.count
    return FeatureInformed.loss(
      prediction, augmented, extractors, "dis", weight: settings[Self.weight],
      counted: clips * clips
    ) { difference(prediction.embedding, FeatureInformed.features(extractors[$0], of: augmented)) }
  }

  /// The difference between the similarities of embeddings and of features, a scalar.
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

/// The cosine distances 1 − cos between all pairs of N clips, for a model and for an extractor that
/// it learns from.
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
