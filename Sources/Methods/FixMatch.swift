// FixMatch: what the network is sure of on a mild look at a clip must hold on a harsh one.
import Autograd
import Datasets
import Layers

/// B1's loss on the mild look plus binary cross-entropy of the harsh look against sure answers on
/// the mild one, where labels are missing.
/// Paper: Sohn et al. 2020, arXiv:2001.07685.
/// Differs: several classes apply at once, so each entry is guessed by itself, present or absent.
/// The mild look is the recipe's augmentation; the harsh one has wider stripes, a shift in time and
/// noise. On sequences of embeddings the harsh look is noise alone.
public final class FixMatch: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "fixmatch", title: "FixMatch",
    summary: "sure answers on a mild look at a clip are the targets of a harsh look",
    paper: "Sohn et al. 2020, arXiv:2001.07685",
    hyperparameters: [PseudoLabels.weight, strength] + PseudoLabels.hyperparameters)

  static let strength = Hyperparameter<Double>(
    "strength", "strength", help: "how harsh the harsh look is; 1: stripes of up to 8 by 8",
    initial: 1, range: 0...10)

  /// Their predictions are targets.
  public static let usesUnlabelledClips = true
  public let model: any Classifier
  private let weight: Double
  private let thresholds: PseudoLabels.Thresholds
  private let mild, harsh: Augmentation

  public init(_ setup: MethodSetup) throws {
    weight = setup[PseudoLabels.weight]
    thresholds = PseudoLabels.Thresholds(setup)
    model = try setup.makeModel()
    mild = setup.augmentation
    harsh = mild.harsher(setup[Self.strength])
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let mixed = mild.mix(batch, mode)
    let prediction = model(mild.view(of: mixed.input, mode), mode)
    let beliefs = prediction.probabilities.detached
    let labels = PseudoLabels(beliefs, missingIn: mixed, thresholds)
    let challenge = model(harsh.view(of: mixed.input, mode), mode)
    return labels.loss(
      .supervised(prediction, mixed), challenge, weight: weight, beliefs: beliefs)
  }
}

extension Augmentation {
  /// Stripes of at least 8 bands and 8 frames, shifts of up to a tenth and noise of 0.1, all times
  /// `strength`.
  func harsher(_ strength: Double) -> Augmentation {
    var harsh = self
    let stripe = Int((8 * strength).rounded())
    harsh.bands = max(bands, stripe)
    harsh.frames = max(frames, stripe)
    harsh.shift = max(shift, min(1, 0.1 * strength))
    harsh.noise = max(noise, 0.1 * strength)
    return harsh
  }
}
