// Every model there is; a new one is a file and a line here.
import Acoustics
import Autograd
import Layers

/// How to describe and make one kind of model.
public protocol ModelBlueprint: SendableMetatype {
  static var card: Card { get }
  /// What the model is fed.
  static func input(_ hyperparameters: [String: Hyperparameter.Value]) -> ModelInput
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
}

public enum ModelCatalog {
  public static let all: [any ModelBlueprint.Type] = [
    CNN.self, AttentionPooling.self, ClassicNetwork.self, ASTModel.self, UNetModel.self,
  ]

  /// The blueprint with this id.
  public static func find(_ id: String) -> (any ModelBlueprint.Type)? {
    all.first { $0.card.id == id }
  }
}
