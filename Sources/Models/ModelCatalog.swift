// Every model there is; a new one is a file and a line here.
import Acoustics
import Autograd
import Formats
import Layers

/// How to describe and make one kind of model.
public protocol ModelBlueprint: SendableMetatype {
  static var card: Card { get }
  /// What the model is fed.
  static func input(_ settings: Settings) -> ModelInput
  /// The pieces of a clip it looks at; nil: whole clips.
  static func segmentation(_ settings: Settings) -> Segmentation?
  /// A fresh model with C = `classes` outputs for clips of this size. Throws where settings do not
  /// fit each other or the input.
  static func make(
    classes: Int, input: InputSize, settings: Settings, random: RandomSource
  ) throws -> any Classifier
}

extension ModelBlueprint {
  public static func input(_ settings: Settings) -> ModelInput { .frontEnd(.band) }
  public static func segmentation(_ settings: Settings) -> Segmentation? { nil }
}

public enum ModelCatalog: CatalogProtocol {
  public static let kind = "model"
  public static let all: [any ModelBlueprint.Type] = [
    CNN.self, AttentionPooling.self, HarmonicTagger.self, ClassicNetwork.self, ASTModel.self,
    UNetModel.self,
  ]

  public static func id(of entry: any ModelBlueprint.Type) -> String { entry.card.id }
}
