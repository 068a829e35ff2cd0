// Con-Reg: in training, the model's embedding is drawn towards a pre-trained network's features.
import Autograd
import Datasets
import Layers

/// B1's loss plus λ times a term that is small where the model's embedding e of a clip resembles
/// the clip's features v. The features are needed in training alone.
///
/// `contrastive`: InfoNCE within the batch between P·e and R·v, both ways, at temperature τ.
/// `cosine`: mean over clips of 1 − cos(P·e, v). P and R are linear, learned, and not part of the
/// model. Two extractors: half the weight each, each with its own P and R.
/// Paper: Hung & Lerch 2022, arXiv:2206.04850.
/// Differs: neither the term's exact form nor λ could be checked against the paper's text; both
/// variants are offered, and figures should name the one they were made with.
public final class ConReg: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "con-reg", title: "Con-Reg",
    summary: "embeddings are drawn to a pre-trained network's features; not needed afterwards",
    paper: FeatureInformed.paper,
    hyperparameters: FeatureInformed.hyperparameters
      + [variant, FeatureInformed.weight, temperature, projection])

  enum Variant: String, CaseIterable, HyperparameterValue { case contrastive, cosine }
  static let variant = Hyperparameter<Variant>(
    "variant", "variant", help: "InfoNCE within the batch, or cosine distance",
    initial: .contrastive)
  static let temperature = Hyperparameter<Double>(
    "temperature", "temperature",
    help: "contrastive: of the softmax; lower stresses the most similar other clips",
    initial: 0.1, range: 0.001...100)
  static let projection = Hyperparameter<Int>(
    "projection", "projection", help: "contrastive: values that both are mapped to",
    initial: 128, range: 1...4096)

  /// The features of a clip need no label.
  public static let usesUnlabelledClips = true
  public let model: any Classifier
  private let together: GuidedModel
  private let extractors: [String]
  private let settings: Settings
  private let augmentation: Augmentation

  public static func extractors(_ settings: Settings) -> [String] {
    FeatureInformed.extractors(settings)
  }

  public init(_ setup: MethodSetup) throws {
    settings = setup.settings
    extractors = FeatureInformed.extractors(settings)
    let features = try FeatureInformed.sizes(extractors, in: setup)
    model = try setup.makeModel()
    together = GuidedModel(
      model,
      Projections(
        from: EmbeddingNetwork.size(of: model, input: setup.input), to: features,
        width: setup[Self.variant] == .cosine ? nil : setup[Self.projection],
        random: setup.random))
    augmentation = setup.augmentation
  }

  public func trained(in stage: Int) -> any Classifier { together }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let seen = augmentation(batch, mode)
    let prediction = model(seen.input, mode)
    return FeatureInformed.loss(
      prediction, seen, extractors, "con", weight: settings[FeatureInformed.weight],
      counted: seen.clips.count
    ) { distance(prediction.embedding, seen, $0, mode.exact) }
  }

  /// A scalar: how unlike embedding and features are.
  private func distance(
    _ embedding: Tensor, _ batch: Batch, _ index: Int, _ mode: Mode
  ) -> Tensor {
    let features = FeatureInformed.features(extractors[index], of: batch)
    let own = together.projections.embedding(embedding, for: index, mode)
    let theirs = together.projections.features(features, of: index, mode)
    guard settings[Self.variant] == .cosine else {
      return own.infoNCE(theirs, temperature: Float(settings[Self.temperature]))
    }
    let cosines = (own.l2Normalized() * theirs.l2Normalized()).sum([1])
    return cosines.mean() * -1 + 1
  }

  public func distances(_ batch: Batch) -> [DistanceReport] {
    DistanceReport.all(of: model, batch, extractors)
  }

  // MARK: resuming

  public var memory: [String: Tensor] { together.projections.state }

  public func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws {
    try together.projections.restore(memory)
  }
}
