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
  public static let card = Card(
    id: "fixmatch", title: "FixMatch",
    summary: "sure answers on a mild look at a clip are the targets of a harsh look",
    paper: "Sohn et al. 2020, arXiv:2001.07685",
    hyperparameters: [
      Hyperparameter(
        "weight", "weight", help: "weight of the guessed entries' term",
        initial: .real(1), range: .real(0...1000)),
      Hyperparameter(
        "strength", "strength", help: "how harsh the harsh look is; 1: stripes of up to 8 by 8",
        initial: .real(1), range: .real(0...10)),
    ] + Guesses.hyperparameters)

  public let model: any Classifier
  private let settings: Settings
  private let mild, harsh: Augmentation

  public init(_ setup: MethodSetup) throws {
    settings = try Settings(setup.hyperparameters, of: Self.card)
    model = try setup.makeModel()
    mild = setup.augmentation
    harsh = mild.harsher(settings.real("strength"))
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let mixed = mild.mix(batch, mode)
    let prediction = model(mild.view(of: mixed.input, mode), mode)
    let beliefs = prediction.probabilities.detached
    let guesses = Guesses(
      beliefs, missingIn: mixed, positive: settings.real("threshold"),
      negative: settings.real("negativeThreshold"))
    let supervised = Loss.Term(
      "cls", prediction.binaryCrossEntropy(mixed.targets, observed: mixed.observed),
      counting: mixed.observed)
    let challenge = model(harsh.view(of: mixed.input, mode), mode)
    return guesses.loss(
      supervised, challenge, weight: settings.real("weight"), beliefs: beliefs)
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
