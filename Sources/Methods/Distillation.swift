// Distillation: a classifier on pre-trained features teaches the model on all clips.
import Autograd
import Datasets
import Layers

/// A small classifier on the features of a pre-trained network learns the observed labels, as in
/// `transfer`. The model learns the observed labels and, on every entry of every clip, the
/// predictions of that classifier: B1's loss of both, plus w times the binary cross-entropy between
/// their probabilities. Both are trained at once, and w rises while the classifier learns. It is
/// dropped after training, so that a clip is scored by the model alone.
/// Paper: after Ding & Lerch 2023, arXiv:2306.17424, and Hinton et al. 2015, arXiv:1503.02531.
/// Differs: Ding & Lerch compare embeddings; here a classifier on the features provides targets, so
/// that labels may be missing. The targets are its predictions in training, with its dropout.
/// Several extractors share one classifier.
public final class Distillation: FeatureInformedMethod {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "distillation", title: "Distillation",
    summary: "a classifier on pre-trained features predicts every clip; the model learns it",
    paper: "Ding & Lerch 2023, arXiv:2306.17424; Hinton et al. 2015, arXiv:1503.02531",
    hyperparameters: FeatureInformed.hyperparameters + [weight, rampUp]
      + FeatureHead.hyperparameters)

  static let weight = FeatureInformed.weight(initial: 1)
  static let rampUp = RisingWeight.rampUp(initial: 0.3)

  /// The classifier on features predicts their labels.
  public static let usesUnlabelledClips = true
  public let model: any Classifier
  private let network: TaughtModel
  private let extractors: [String]
  private let weight: RisingWeight
  private let augmentation: Augmentation

  public init(_ setup: MethodSetup) throws {
    extractors = FeatureInformed.extractors(setup.settings)
    let size = try FeatureInformed.sizes(extractors, in: setup).reduce(0, +)
    model = try setup.makeModel()
    network = TaughtModel(model, FeatureHead(inputs: size, setup))
    weight = RisingWeight(setup[Self.weight], rising: Self.rampUp, in: setup)
    augmentation = setup.augmentation
  }

  public func trained(in stage: Int) -> any Classifier { network }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let augmented = augmentation(batch, mode)
    let features = Tensor.concat(
      extractors.map { FeatureInformed.features($0, of: augmented) }, axis: 1)
    let taught = network.head(features, mode)
    let targets = taught.probabilities.detached
    let prediction = model(augmented.input, mode)
    let everything = Tensor(repeating: 1, augmented.observed.shape)
    return Loss(
      [
        .supervised(prediction, augmented),
        .init(
          "features", taught.binaryCrossEntropy(augmented.targets, observed: augmented.observed),
          counting: augmented.observed),
        .init(
          "distil", prediction.binaryCrossEntropy(targets, observed: everything),
          weight: weight.value(at: mode.step), counting: everything),
      ], probabilities: prediction.probabilities, teacher: targets)
  }

  public func distances(_ batch: Batch) -> [DistanceReport] {
    DistanceReport.all(of: model, batch, extractors)
  }

  public var memory: [String: Tensor] { network.head.state }

  public func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws {
    try network.head.restore(memory)
  }
}

/// A model together with the classifier on features: what the optimizer updates. Only the model is
/// saved.
private final class TaughtModel: Classifier {
  private let model: any Classifier
  let head: FeatureHead

  init(_ model: any Classifier, _ head: FeatureHead) {
    self.model = model
    self.head = head
  }

  var namedParameters: NamedParameters {
    model.namedParameters + head.namedParameters(under: "features")
  }

  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction { model(input, mode) }
}
