// What the methods that reprogram, tune or do without a pre-trained network have in common.
import Autograd
import Datasets
import Layers

/// B1's loss on a network that is built in one of these ways. Targets may be soft (openmic2018 with
/// `dataset.soft`): cross-entropy takes any probability.
struct Reprogramming {
  let model: any Classifier
  private let augmentation: Augmentation

  /// A backbone, frozen or not, perhaps behind a pre-processor.
  static func of(
    _ setup: MethodSetup, _ card: Card, part: String? = nil, isFrozen: Bool = true
  ) throws -> Reprogramming {
    _ = try Settings(setup.hyperparameters, of: card)
    let network = try setup.makeModel()
    guard let backbone = network as? any Backbone else {
      throw SettingsError(
        key: card.id, problem: "the model has no embedding to build on",
        expected: "another one, such as ast")
    }
    return Reprogramming(
      model: ReprogrammedClassifier(
        backbone, input: try part.map(setup.makePart), isFrozen: isFrozen, classes: setup.classes,
        random: setup.random), augmentation: setup.augmentation)
  }

  /// A pre-processor alone; the recipe's model is not made.
  static func without(
    backbone setup: MethodSetup, _ card: Card, part: String
  ) throws -> Reprogramming {
    _ = try Settings(setup.hyperparameters, of: card)
    return Reprogramming(
      model: PooledClassifier(
        try setup.makePart(part), classes: setup.classes, random: setup.random),
      augmentation: setup.augmentation)
  }

  /// The mean binary cross-entropy over observed entries.
  func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let seen = augmentation(batch, mode)
    let prediction = model(seen.input, mode)
    let value = prediction.binaryCrossEntropy(seen.targets, observed: seen.observed)
    return Loss(
      [.init("cls", value, counting: seen.observed)], probabilities: prediction.probabilities)
  }
}
