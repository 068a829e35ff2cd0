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
