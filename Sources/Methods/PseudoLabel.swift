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
  public static let card = Card(
    id: "pseudo-label", title: "Pseudo-label",
    summary: "the network's own sure answers are taken as labels where they are missing",
    paper: "Lee 2013, ICML workshop on challenges in representation learning",
    hyperparameters: [
      Hyperparameter(
        "weight", "weight", help: "weight of the guessed entries' term",
        initial: .real(1), range: .real(0...1000)),
      Hyperparameter(
        "rampUp", "ramp-up", help: "share of the steps over which the weight rises; 0: constant",
        initial: .real(0.5), range: .real(0...1)),
    ] + Guesses.hyperparameters)

  public let model: any Classifier
  private let settings: Settings
  private let weight: RisingWeight
  private let augmentation: Augmentation
  private var step = 0

  public init(_ setup: MethodSetup) throws {
    settings = try Settings(setup.hyperparameters, of: Self.card)
    model = try setup.makeModel()
    weight = RisingWeight(
      settings.real("weight"), rising: settings.real("rampUp"), of: setup.plannedSteps)
    augmentation = setup.augmentation
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let mixed = augmentation.mix(batch, mode)
    let beliefs = model(mixed.input, .evaluation(precision: mode.precision)).probabilities
    let guesses = Guesses(
      beliefs, missingIn: mixed, positive: settings.real("threshold"),
      negative: settings.real("negativeThreshold"))
    let prediction = model(augmentation.view(of: mixed.input, mode), mode)
    let supervised = Loss.Term(
      "cls", prediction.binaryCrossEntropy(mixed.targets, observed: mixed.observed),
      counting: mixed.observed)
    return guesses.loss(
      supervised, prediction, weight: weight.value(at: step), beliefs: beliefs)
  }

  public func stepEnded(_ step: Int) { self.step = step }

  public var memory: [String: Tensor] { ["step": Tensor(Float(step))] }

  public func restore(_ memory: [String: Tensor], stage: Int, lesson: Lesson) throws {
    step = try SavedState.steps(in: memory)
  }
}
