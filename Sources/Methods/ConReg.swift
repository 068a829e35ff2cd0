// Con-Reg: a regulariser pulls the model's embedding towards the features of a pre-trained network.
import Autograd
import Datasets
import Layers

/// B1's loss plus λ times a distance between the model's embedding e of a clip and the clip's
/// features v. The features are needed for training only.
///
/// `contrastive`: the symmetric InfoNCE loss within the batch between P·e and R·v at temperature τ.
/// `one-sided`: the same between P·e and v itself, so that no learned map of the features can
/// memorise which clip is which. `cosine`: the mean over clips of 1 − cos(P·e, v). P and R are
/// learned linear projections that are not part of the model. With two extractors, each has half
/// the weight and its own P and R.
/// Paper: Hung & Lerch 2022, arXiv:2206.04850.
/// Differs: we could check neither the exact form of the term nor λ against the text of the paper.
/// All variants are offered; say which one a result was computed with.
public final class ConReg: FeatureInformedMethod {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "con-reg", title: "Con-Reg",
    summary: "embeddings are drawn to a pre-trained network's features; not needed afterwards",
    paper: FeatureInformed.paper,
    hyperparameters: FeatureInformed.hyperparameters
      + [variant, weight, temperature, projection, FeatureInformed.align])

  enum Variant: String, CaseIterable, HyperparameterValue {
    case contrastive, cosine
    case oneSided = "one-sided"
  }
  static let variant = Hyperparameter<Variant>(
    "variant", "variant",
    help:
      "InfoNCE against mapped features, or against the features as they are; or cosine distance",
    initial: .contrastive)
  static let weight = FeatureInformed.weight(initial: 0.1)
  static let temperature = Hyperparameter<Double>(
    "temperature", "temperature",
    help: "contrastive, one-sided: softmax temperature; lower stresses the most similar clips",
    initial: 0.1, range: 0.001...100)
  static let projection = Hyperparameter<Int>(
    "projection", "projection size", help: "contrastive: width of the common projection",
    initial: 128, range: 1...4096)

  /// The features of a clip need no label.
  public static let usesUnlabelledClips = true
  public let model: any Classifier
  private let network: ProjectedModel
  private let extractors: [String]
  private let settings: Settings
  private let augmentation: Augmentation

  public init(_ setup: MethodSetup) throws {
    settings = setup.settings
    extractors = FeatureInformed.extractors(settings)
    let features = try FeatureInformed.sizes(extractors, in: setup)
    model = try setup.makeModel()
    network = ProjectedModel(
      model,
      ProjectionHeads(
        from: EmbeddingNetwork.size(of: model, input: setup.input), to: features,
        width: setup[Self.variant] == .contrastive ? setup[Self.projection] : nil,
        random: setup.random))
    augmentation = setup.augmentation
  }

  public func trained(in stage: Int) -> any Classifier { network }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let augmented = augmentation(batch, mode)
    let prediction = model(augmented.input, mode)
    return FeatureInformed.loss(
      prediction, augmented, extractors, "con", weight: settings[Self.weight],
      counted: augmented.clips.count
    ) { distance(prediction.embedding, augmented, $0, mode.exact) }
  }

  /// The distance between embeddings and features of one extractor, a scalar.
  private func distance(
    _ embedding: Tensor, _ batch: Batch, _ index: Int, _ mode: Mode
  ) -> Tensor {
    let features = FeatureInformed.features(extractors[index], of: batch)
    let e = network.heads.embedding(embedding, for: index, mode)
    let v = network.heads.features(features, of: index, mode)
    guard settings[Self.variant] == .cosine else {
      return e.infoNCE(v, temperature: Float(settings[Self.temperature]))
    }
    let cosines = (e.l2Normalized() * v.l2Normalized()).sum([1])
    return cosines.mean() * -1 + 1
  }

  public func distances(_ batch: Batch) -> [DistanceReport] {
    DistanceReport.all(of: model, batch, extractors)
  }

  public var memory: [String: Tensor] { network.heads.state }

  public func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws {
    try network.heads.restore(memory)
  }
}
