// Every model there is; a new one is a file and a line here.
import Acoustics
import Autograd
import Formats
import Layers

/// How to describe and make one kind of model.
public protocol ModelBlueprint: SendableMetatype {
  static var card: Card { get }
  /// What the model is fed.
  static func input(_ hyperparameters: [String: Hyperparameter.Value]) -> ModelInput
  /// The pieces of a clip it looks at; nil: whole clips.
  static func segmentation(_ hyperparameters: [String: Hyperparameter.Value]) -> Segmentation?
  /// A fresh model with C = `classes` outputs for clips of this size; throws on unknown keys and
  /// impossible values.
  static func make(
    classes: Int, input: InputSize, hyperparameters: [String: Hyperparameter.Value],
    random: RandomSource
  ) throws -> any Classifier
}

extension ModelBlueprint {
  public static func input(_ hyperparameters: [String: Hyperparameter.Value]) -> ModelInput {
    .frontEnd(.band)
  }

  public static func segmentation(
    _ hyperparameters: [String: Hyperparameter.Value]
  ) -> Segmentation? {
    nil
  }
}

public enum ModelCatalog: CatalogProtocol {
  public static let kind = "model"
  public static let all: [any ModelBlueprint.Type] = [
    CNN.self, AttentionPooling.self, HarmonicTagger.self, ClassicNetwork.self, ASTModel.self,
    UNetModel.self,
  ]

  public static func id(of entry: any ModelBlueprint.Type) -> String { entry.card.id }
}
