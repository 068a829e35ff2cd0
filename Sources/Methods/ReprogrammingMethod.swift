// The method of every design: B1's loss on a network with trained parts around or inside it.
import Autograd
import Datasets
import Layers

/// B1's loss on a network of a design. Targets may be soft (openmic2018 with `dataset.soft`), since
/// cross-entropy accepts any probability.
public final class Reprogramming<Design: ReprogrammingDesign>: Method {
  public static var card: Card { Design.card }

  public let model: any Classifier
  private let augmentation: Augmentation
  private let stepsPerEpoch: Int

  /// - Throws: `SettingsError` if the recipe's model is not a ``Layers/Backbone``.
  public init(_ setup: MethodSetup) throws {
    model = try Self.network(setup)
    augmentation = setup.augmentation
    stepsPerEpoch = setup.stepsPerEpoch
  }

  private static func network(_ setup: MethodSetup) throws -> any Classifier {
    if Design.backbone == .none, let part = try Design.input(setup) {
      return PooledClassifier(part, classes: setup.classes, random: setup.random)
    }
    guard let backbone = try setup.makeModel() as? any Backbone else {
      throw SettingsError(
        key: card.id, problem: "the model has no embedding to build on",
        expected: "another one, such as ast or pretrained")
    }
    return ReprogrammedClassifier(
      backbone, input: try Design.input(setup), use: Design.backbone,
      updates: Design.updates(backbone, setup), labels: try labels(backbone, setup),
      classes: setup.classes, random: setup.random)
  }

  /// The mapping of the backbone's own classes; nil for a linear layer.
  private static func labels(
    _ backbone: any Backbone, _ setup: MethodSetup
  ) throws -> LabelMapping? {
    guard setup.settings.ifListed(OutputChoice.mapping) == .labels else { return nil }
    guard let sources = backbone as? any SourceClassifier, sources.sourceClasses > 0 else {
      throw SettingsError(
        key: "mapping", problem: "the model has no classes of its own",
        expected: "mapping: linear, the model pretrained, or ast with weights ast or band-ast")
    }
    return try LabelMapping(
      sources: sources.sourceClasses, classes: setup.classes, settings: setup.settings,
      random: setup.random)
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    if mode.training, mode.step < stepsPerEpoch {
      (model as? ReprogrammedClassifier)?.learnLabels(batch)
    }
    let augmented = augmentation(batch, mode)
    return Loss(supervised: model(augmented.input, mode), augmented)
  }
}
