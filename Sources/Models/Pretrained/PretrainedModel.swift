// The published networks of the extractors as a model of the catalogue.
import Acoustics
import Autograd
import Foundation
import Layers

/// An extractor whose network is also a backbone: gradients reach its picture and its weights.
public protocol BackboneExtractor: Extractor {
  /// The picture of a clip. `normalize`: in the range that the network was trained on; without,
  /// as it is before that step. Networks without such a step ignore it.
  static func picture(normalize: Bool) -> ModelInput
  /// Whether the network was trained on a picture whose values a last step brought to a range.
  static var isNormalized: Bool { get }
  /// The network with the weights in `folder`.
  ///
  /// - Throws: An error of one line: the file, what is wrong, and what was expected.
  static func backbone(weights folder: URL) throws -> BackboneNetwork
}

/// A published network, ready to be a part of a model.
public struct BackboneNetwork {
  let network: any PictureNetwork
  let patches: PicturePatches
  /// D and S.
  let width, sourceClasses: Int
  let origin: WeightOrigin

  init(
    _ network: any PictureNetwork, _ patches: PicturePatches, width: Int, sourceClasses: Int,
    of weights: WeightTable
  ) {
    self.network = network
    self.patches = patches
    self.width = width
    self.sourceClasses = sourceClasses
    origin = WeightOrigin(file: weights.file, digest: weights.digest)
  }
}

/// A published network on its own picture [B, 1, M, T], with a new linear layer on its embedding.
///
/// The picture is cut into patches of the length that the network was trained on; the embedding is
/// the mean over the patches. The papers are those of the extractors.
public final class PretrainedModel: SourceClassifier {
  private let network: any PictureNetwork
  private let fc: Linear
  private let patches: PicturePatches
  public let embeddingWidth: Int
  public let sourceClasses: Int
  public let origin: WeightOrigin?

  public static let head = "fc."

  /// A new head for C = `classes` classes on a network.
  package init(_ backbone: BackboneNetwork, classes: Int, random: RandomSource) {
    network = backbone.network
    patches = backbone.patches
    (embeddingWidth, sourceClasses) = (backbone.width, backbone.sourceClasses)
    origin = backbone.origin
    fc = Linear(backbone.width, classes, random: random)
  }

  public func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let pictures = input.reshape([input.shape[0], input.shape[2], input.shape[3]])
    let embedding = patches.mean(pictures) { network.embedding($0, mode) }
    return Prediction(.logits(fc(embedding, mode)), embedding: embedding)
  }

  public func sourceLogits(_ embedding: Tensor) -> Tensor { network.sourceLogits(embedding) }

  public var sublayerOutputs: NamedParameters {
    network.sublayerOutputs.map { ("network.\($0.name)", $0.parameter) }
  }
}

extension PretrainedModel: ModelBlueprint {
  /// Id, title, summary, paper and settings.
  public static let card = Card(
    id: "pretrained", title: "Pre-trained network",
    summary: "a published network on its own picture of the sound, under a new linear layer",
    paper: "Documentation/Extractors.md", hyperparameters: [network, normalize])

  /// The networks, by the ids of their extractors.
  static let networks = ExtractorCatalog.all.compactMap { $0 as? any BackboneExtractor.Type }

  private static let network = Hyperparameter<String>(
    "network", "network",
    help: "which one; the last comes with the program, the others need their files",
    initial: BandNet.card.id, choices: networks.map { $0.card.id })
  private static let normalize = Hyperparameter<Bool>(
    "normalize", "normalize",
    help: "mn04, band-net: bring the picture to the range that the network was trained on",
    initial: true)

  private static func type(_ settings: Settings) -> any BackboneExtractor.Type {
    networks.first { $0.card.id == settings[network] } ?? BandNet.self
  }

  public static func input(_ settings: Settings) -> ModelInput {
    type(settings).picture(normalize: settings[normalize])
  }

  public static func make(
    classes: Int, input: InputSize, settings: Settings, random: RandomSource
  ) throws -> any Classifier {
    let type = type(settings)
    guard type.isNormalized || settings[normalize] else {
      throw SettingsError(
        key: "model.normalize",
        problem: "\(type.card.id) takes its picture as it is, there is nothing to leave out",
        expected: "yes")
    }
    return PretrainedModel(
      try type.backbone(weights: ExtractorCatalog.weights(of: type)), classes: classes,
      random: random)
  }
}
