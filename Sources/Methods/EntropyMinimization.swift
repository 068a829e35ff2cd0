// Entropy minimisation: predictions for missing entries are made confident.
import Autograd
import Datasets
import Layers

/// B1's loss plus λ times the mean binary entropy of the predictions for missing entries,
/// H(p) = −[p ln p + (1 − p) ln(1 − p)]. λ rises over the first steps, because an untrained network
/// that is made confident keeps its wrong predictions.
/// Paper: Grandvalet & Bengio 2004, "Semi-supervised learning by entropy minimization", NIPS 17.
/// Differs: clips have several labels, so the entropy is computed for each entry.
public final class EntropyMinimization: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "entropy-minimization", title: "Entropy minimization",
    summary: "answers to missing labels are pushed to one side or the other, away from one half",
    paper: "Grandvalet & Bengio 2004, NIPS 17", hyperparameters: [weight, rampUp])

  static let weight = Hyperparameter<Double>(
    "weight", "weight", help: "weight of the entropy of missing labels", initial: 0.1,
    range: 0...1000)
  static let rampUp = RisingWeight.rampUp(initial: 0.5)

  /// Their predictions are sharpened.
  public static let usesUnlabelledClips = true
  public let model: any Classifier
  private let weight: RisingWeight
  private let augmentation: Augmentation

  public init(_ setup: MethodSetup) throws {
    model = try setup.makeModel()
    weight = RisingWeight(setup[Self.weight], rising: Self.rampUp, in: setup)
    augmentation = setup.augmentation
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let augmented = augmentation(batch, mode)
    let prediction = model(augmented.input, mode)
    let missing = augmented.observed * -1 + 1
    let entropy = Self.meanEntropy(prediction.probabilities, over: missing)
    return Loss(
      [
        .supervised(prediction, augmented),
        .init("ent", entropy, weight: weight.value(at: mode.step), counting: missing),
      ], probabilities: prediction.probabilities)
  }

  /// The mean of H(p) in nats over the entries with `mask` 1; 0 if there are none. Both are [B, C].
  static func meanEntropy(_ probabilities: Tensor, over mask: Tensor) -> Tensor {
    let p = probabilities.clamp(1e-6, 1 - 1e-6)
    let q = p * -1 + 1
    let negative = (p * p.log() + q * q.log()) * mask
    return negative.sum() * (-1 / max(1, mask.detached.sum().item))
  }
}
