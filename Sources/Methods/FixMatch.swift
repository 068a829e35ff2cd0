// FixMatch: confident predictions on weakly augmented clips are targets for strongly augmented
// ones.
import Autograd
import Datasets
import Layers

/// B1's loss on weakly augmented clips plus, for missing labels, the binary cross-entropy of the
/// strongly augmented clips against confident predictions on the weakly augmented ones.
/// Paper: Sohn et al. 2020, arXiv:2001.07685.
/// Differs: clips have several labels, so each entry has its own pseudo-label, positive or
/// negative. The weak augmentation is that of the recipe. The strong one has wider masks, a time
/// shift and noise; for sequences of embeddings it is noise only. The weight rises: the mean runs
/// over the confident entries alone, so that a few early guesses would weigh as much as all later
/// ones; the paper divides by all entries.
public final class FixMatch: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "fixmatch", title: "FixMatch",
    summary: "sure answers on a mild look at a clip are the targets of a harsh look",
    paper: "Sohn et al. 2020, arXiv:2001.07685",
    hyperparameters: [PseudoLabels.weight, rampUp, strength] + PseudoLabels.hyperparameters)

  static let rampUp = RisingWeight.rampUp(initial: 0.8, before: 0)
  static let strength = Hyperparameter<Double>(
    "strength", "strength", help: "strong augmentation; 1: masks of up to 8 by 8",
    initial: 1, range: 0...10)

  /// Their predictions are targets.
  public static let usesUnlabelledClips = true
  public let model: any Classifier
  private let weight: RisingWeight
  private var thresholds: AdaptiveThresholds
  private let weak, strong: Augmentation

  public init(_ setup: MethodSetup) throws {
    weight = RisingWeight(setup[PseudoLabels.weight], rising: Self.rampUp, in: setup)
    thresholds = AdaptiveThresholds(setup)
    model = try setup.makeModel()
    weak = setup.augmentation
    strong = weak.strengthened(by: setup[Self.strength])
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let mixed = weak.mix(batch, mode)
    let prediction = model(weak.view(of: mixed.input, mode), mode)
    let probabilities = prediction.probabilities.detached
    let labels = thresholds.labels(probabilities, missingIn: mixed, step: mode.step)
    let augmented = model(strong.view(of: mixed.input, mode), mode)
    return labels.loss(
      .supervised(prediction, mixed), augmented, weight: weight.value(at: mode.step),
      teacher: probabilities, fairness: thresholds.fairnessTerm(augmented.probabilities, labels))
  }

  public var memory: [String: Tensor] { thresholds.memory }

  public func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws {
    try thresholds.restore(memory)
  }
}

extension Augmentation {
  /// Maximum mask widths of at least 8 bands and 8 frames, time shifts of up to a tenth of the
  /// frames and noise with σ = 0.1, all times `strength`.
  func strengthened(by strength: Double) -> Augmentation {
    var strong = self
    let width = Int((8 * strength).rounded())
    strong.bands = max(bands, width)
    strong.frames = max(frames, width)
    strong.shift = max(shift, min(1, 0.1 * strength))
    strong.noise = max(noise, 0.1 * strength)
    return strong
  }
}
