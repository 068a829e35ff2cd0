// The catalogues of models and of pre-processors.
import Acoustics
import Autograd
import Formats
import Layers

/// The description and the factory of a model.
public protocol ModelBlueprint: SendableMetatype {
  /// Id, summary, paper and hyperparameters, for forms, command line and help.
  static var card: Card { get }
  /// The input of the model.
  static func input(_ settings: Settings) -> ModelInput
  /// The segmentation of clips; nil for whole clips.
  static func segmentation(_ settings: Settings) -> Segmentation?
  /// Makes a model with C = `classes` outputs for clips of this size, with new random weights.
  ///
  /// - Throws: An error if the settings do not fit each other or the input.
  static func make(
    classes: Int, input: InputSize, settings: Settings, random: RandomSource
  ) throws -> any Classifier
}

extension ModelBlueprint {
  public static func input(_ settings: Settings) -> ModelInput { .frontEnd(.band) }
  public static func segmentation(_ settings: Settings) -> Segmentation? { nil }
}

/// The catalogue of models.
public enum ModelCatalog: CatalogProtocol {
  public static let kind = "model"
  /// All models, in the order of lists. A new model is a line here.
  public static let all: [any ModelBlueprint.Type] = [
    CNN.self, AttentionPooling.self, HarmonicTagger.self, ClassicNetwork.self, ASTModel.self,
    PretrainedModel.self, UNetModel.self,
  ]

  public static func id(of entry: any ModelBlueprint.Type) -> String { entry.card.id }
}

/// The catalogue of pre-processors, which transform the input of a frozen network.
public enum Preprocessors: CatalogProtocol {
  /// A pre-processor [B, H, W, 1] → [B, H, W, 1].
  public struct Entry: Sendable {
    public let id: String
    /// A pre-processor with random initial weights.
    let make: @Sendable (RandomSource) -> any Layer
  }

  public static let kind = "pre-processor"
  /// All pre-processors. A new one is a line here.
  public static let all = [
    Entry(id: "cnn") { TwoConvolutions(isRectified: false, random: $0) },
    Entry(id: "cnn-relu") { TwoConvolutions(isRectified: true, random: $0) },
    Entry(id: "unet") { PaddedUNet(UNet(random: $0)) },
  ]

  public static func id(of entry: Entry) -> String { entry.id }

  /// A pre-processor with random initial weights.
  ///
  /// - Throws: `Problem` if there is no such id.
  public static func make(_ id: String, random: RandomSource) throws -> any Layer {
    try entry(id).make(random)
  }
}
