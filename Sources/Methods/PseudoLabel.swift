// Pseudo-label: the network's own sure answers become targets of missing entries.
import Autograd
import Datasets
import Layers

/// B1's loss plus binary cross-entropy against the network's present answers, where a label is
/// missing and the answer, on the clip as it is and without dropout, is sure.
/// Paper: Lee 2013, "Pseudo-label: the simple and efficient semi-supervised learning method for
/// deep neural networks", ICML workshop.
/// Differs: several classes apply at once, so each entry is guessed by itself, present or absent.
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
  private let thresholds: PseudoLabels.Thresholds
  private let weight: RisingWeight
  private let augmentation: Augmentation

  public init(_ setup: MethodSetup) throws {
    thresholds = PseudoLabels.Thresholds(setup)
    model = try setup.makeModel()
    weight = RisingWeight(setup[PseudoLabels.weight], rising: Self.rampUp, in: setup)
    augmentation = setup.augmentation
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let mixed = augmentation.mix(batch, mode)
    let beliefs = model(mixed.input, .evaluation(precision: mode.precision)).probabilities
    let labels = PseudoLabels(beliefs, missingIn: mixed, thresholds)
    let prediction = model(augmentation.view(of: mixed.input, mode), mode)
    return labels.loss(
      .supervised(prediction, mixed), prediction, weight: weight.value(at: mode.step),
      beliefs: beliefs)
  }
}

/// Pseudo-labels of one batch.
struct PseudoLabels {
  /// [B, C], 0 or 1.
  let targets: Tensor
  /// [B, C], 1 where the label is missing and the network is sure.
  let counted: Tensor
  let count: Int

  /// `beliefs` [B, C]: the network's probabilities.
  init(_ beliefs: Tensor, missingIn batch: Batch, _ thresholds: Thresholds) {
    let (high, low) = (thresholds.positive, thresholds.negative)
    let observed = batch.observed.values
    let values = beliefs.values
    let sure = zip(values, observed).map { p, m in m == 0 && (p >= high || p <= low) }
    targets = Tensor(values.map { $0 >= high ? 1 : 0 }, beliefs.shape)
    counted = Tensor(sure.map { $0 ? 1 : 0 }, beliefs.shape)
    count = sure.count { $0 }
  }

  static let weight = Hyperparameter<Double>(
    "weight", "weight", help: "weight of the guessed entries' term", initial: 1, range: 0...1000)
  private static let threshold = Hyperparameter<Double>(
    "threshold", "threshold", help: "probability from which a class is taken as present",
    initial: 0.95, range: 0.5...1)
  private static let negativeThreshold = Hyperparameter<Double>(
    "negativeThreshold", "negative threshold",
    help: "probability up to which a class is taken as absent", initial: 0.05, range: 0...0.5)

  static let hyperparameters: [any ListedHyperparameter] = [threshold, negativeThreshold]

  /// One threshold a sign: classes are rare, so absence is the easier guess.
  struct Thresholds {
    /// A class is taken as present from `positive` on, as absent up to `negative`.
    let positive, negative: Float

    init(_ setup: MethodSetup) {
      positive = Float(setup[PseudoLabels.threshold])
      negative = Float(setup[PseudoLabels.negativeThreshold])
    }
  }

  /// B1's term and that of the pseudo-labels, which `prediction` is held to.
  func loss(
    _ supervised: Loss.Term, _ prediction: Prediction, weight: Double, beliefs: Tensor
  ) -> Loss {
    let value = prediction.binaryCrossEntropy(targets, observed: counted)
    return Loss(
      [
        supervised,
        .init("pseudo", value, weight: weight, counting: counted),
      ], probabilities: prediction.probabilities, teacher: beliefs,
      measures: ["mask/ratio": Float(count) / Float(max(targets.count, 1))])
  }
}
