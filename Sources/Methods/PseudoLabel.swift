// Pseudo-label: confident predictions of the network become targets of missing entries.
import Autograd
import Datasets
import Layers

/// B1's loss plus, for missing labels, the binary cross-entropy against the network's own
/// predictions if these are confident. They are made in evaluation mode and without augmentation.
/// Paper: Lee 2013, "Pseudo-label: the simple and efficient semi-supervised learning method for
/// deep neural networks", ICML workshop.
/// Differs: clips have several labels, so each entry has its own pseudo-label, positive or
/// negative.
public final class PseudoLabel: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "pseudo-label", title: "Pseudo-label",
    summary: "the network's own sure answers are taken as labels where they are missing",
    paper: "Lee 2013, ICML workshop on challenges in representation learning",
    hyperparameters: [PseudoLabels.weight, rampUp] + PseudoLabels.hyperparameters)

  static let rampUp = RisingWeight.rampUp(initial: 0.5)

  /// Their predictions are targets.
  public static let usesUnlabelledClips = true
  public let model: any Classifier
  private var thresholds: AdaptiveThresholds
  private let weight: RisingWeight
  private let augmentation: Augmentation

  public init(_ setup: MethodSetup) throws {
    thresholds = AdaptiveThresholds(setup)
    model = try setup.makeModel()
    weight = RisingWeight(setup[PseudoLabels.weight], rising: Self.rampUp, in: setup)
    augmentation = setup.augmentation
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let mixed = augmentation.mix(batch, mode)
    let probabilities = model(mixed.input, .evaluation(precision: mode.precision)).probabilities
    let labels = thresholds.labels(probabilities, missingIn: mixed, step: mode.step)
    let prediction = model(augmentation.view(of: mixed.input, mode), mode)
    return labels.loss(
      .supervised(prediction, mixed), prediction, weight: weight.value(at: mode.step),
      teacher: probabilities, fairness: thresholds.fairnessTerm(prediction.probabilities, labels))
  }

  public var memory: [String: Tensor] { thresholds.memory }

  public func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws {
    try thresholds.restore(memory)
  }
}

/// Pseudo-labels of one batch.
struct PseudoLabels {
  /// The pseudo-labels [B, C], 0 or 1.
  let targets: Tensor
  /// The weights [B, C]: 0 for an entry without a pseudo-label. With fixed thresholds, 1 if the
  /// label is missing and the prediction is confident.
  let weights: Tensor
  let count: Int

  /// Pseudo-labels with their weights, [B, C].
  init(targets: Tensor, weights: Tensor) {
    (self.targets, self.weights) = (targets, weights)
    count = weights.values.count { $0 > 0 }
  }

  /// `probabilities` [B, C] are the network's predictions.
  init(_ probabilities: Tensor, missingIn batch: Batch, _ thresholds: Thresholds) {
    let (high, low) = (thresholds.positive, thresholds.negative)
    let (values, observed) = (probabilities.values, batch.observed.values)
    let isCounted = zip(values, observed).map { p, m in m == 0 && (p >= high || p <= low) }
    self.init(
      targets: Tensor(values.map { $0 >= high ? 1 : 0 }, probabilities.shape),
      weights: Tensor(isCounted.map { $0 ? 1 : 0 }, probabilities.shape))
  }

  static let weight = Hyperparameter<Double>(
    "weight", "weight", help: "weight of the pseudo-label term", initial: 1, range: 0...1000)
  private static let threshold = Hyperparameter<Double>(
    "threshold", "threshold", help: "lowest probability of a positive pseudo-label",
    initial: 0.95, range: 0.5...1)
  private static let negativeThreshold = Hyperparameter<Double>(
    "negativeThreshold", "negative threshold",
    help: "highest probability of a negative pseudo-label", initial: 0.05, range: 0...0.5)

  /// The settings of fixed thresholds.
  static let fixed: [any ListedHyperparameter] = [threshold, negativeThreshold]
  static let hyperparameters: [any ListedHyperparameter] =
    [AdaptiveThresholds.rule] + fixed + AdaptiveThresholds.adaptive

  /// One threshold for positives and one for negatives: since positives are rare, negatives are
  /// easier to predict.
  struct Thresholds {
    /// The lowest probability of a positive and the highest of a negative pseudo-label.
    let positive, negative: Float

    init(_ setup: MethodSetup) {
      positive = Float(setup[PseudoLabels.threshold])
      negative = Float(setup[PseudoLabels.negativeThreshold])
    }
  }

  /// The loss of B1's term and of the cross-entropy of `prediction` against the pseudo-labels.
  /// `teacher` are the probabilities that these come from, and `fairness` a third term.
  func loss(
    _ supervised: Loss.Term, _ prediction: Prediction, weight: Double, teacher: Tensor,
    fairness: Loss.Term?
  ) -> Loss {
    let value = prediction.binaryCrossEntropy(targets, observed: weights)
    return Loss(
      [supervised, .init("pseudo", value, weight: weight, counting: weights)]
        + (fairness.map { [$0] } ?? []),
      probabilities: prediction.probabilities, teacher: teacher,
      measures: ["mask/ratio": Float(count) / Float(max(targets.count, 1))])
  }
}
