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
  public static let card = Card(
    id: "con-reg", title: "Con-Reg",
    summary: "embeddings are drawn to a pre-trained network's features; not needed afterwards",
    paper: Informed.paper,
    hyperparameters: Informed.hyperparameters + [
      Hyperparameter(
        "variant", "variant", help: "embedding and features: one of a kind in the batch, or close",
        initial: .choice("contrastive"), range: .choice(["contrastive", "cosine"])),
      Informed.weight,
      Hyperparameter(
        "temperature", "temperature", help: "contrastive: how much the nearest others count most",
        initial: .real(0.1), range: .real(0.001...100)),
      Hyperparameter(
        "projection", "projection", help: "contrastive: values that both are mapped to",
        initial: .integer(128), range: .integer(1...4096)),
    ])

  public let model: any Classifier
  private let together: GuidedModel
  private let extractors: [String]
  private let settings: Settings
  private let augmentation: Augmentation

  public static func extractors(_ hyperparameters: [String: Hyperparameter.Value]) -> [String] {
    Informed.extractors(hyperparameters)
  }

  public init(_ setup: MethodSetup) throws {
    settings = try Settings(setup.hyperparameters, of: Self.card)
    extractors = Informed.extractors(settings.values)
    let features = try Informed.sizes(extractors, in: setup)
    model = try setup.makeModel()
    together = GuidedModel(
      model,
      Projections(
        from: EmbeddingNetwork.size(of: model, input: setup.input), to: features,
        width: settings.choice("variant") == "cosine" ? nil : settings.integer("projection"),
        random: setup.random))
    augmentation = setup.augmentation
  }

  public func trained(in stage: Int) -> any Classifier { together }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let seen = augmentation(batch, mode)
    let prediction = model(seen.input, mode)
    return Informed.loss(
      prediction, seen, extractors, "con", weight: settings.real("weight"),
      counted: seen.clips.count
    ) { distance(prediction.embedding, seen, $0, mode.exact) }
  }

  /// A scalar: how unlike embedding and features are.
  private func distance(
    _ embedding: Tensor, _ batch: Batch, _ index: Int, _ mode: Mode
  ) -> Tensor {
    let features = Informed.features(extractors[index], of: batch)
    let own = together.projections.embedding(embedding, for: index, mode)
    let theirs = together.projections.features(features, of: index, mode)
    guard settings.choice("variant") == "cosine" else {
      return own.infoNCE(theirs, temperature: Float(settings.real("temperature")))
    }
    let cosines = (own.l2Normalized() * theirs.l2Normalized()).sum([1])
    return cosines.mean() * -1 + 1
  }

  public func distances(_ batch: Batch) -> [DistanceReport] {
    DistanceReport.all(of: model, batch, extractors)
  }

  // MARK: resuming

  public var memory: [String: Tensor] { together.projections.state }

  public func restore(_ memory: [String: Tensor], stage: Int, lesson: Lesson) throws {
    try together.projections.restore(memory)
  }
}
