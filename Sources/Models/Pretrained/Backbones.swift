// How each published network becomes a backbone: its picture, its patches and its weights.
import Acoustics
import Autograd
import Foundation
import Layers
import WeightImport

extension EfficientAT: BackboneExtractor {
  public static let isNormalized = true

  public static func picture(normalize: Bool) -> ModelInput {
    .frontEnd(
      FrontEnd(id: normalize ? "mn04" : "mn04-raw", logMel: .mn04(normalize: normalize)),
      standardized: false)
  }

  /// A clip is one patch up to the length of AudioSet's clips, 10 s.
  public static func backbone(weights folder: URL) throws -> BackboneNetwork {
    let weights = try WeightFolder(folder, card).read([weightsName])
    return BackboneNetwork(
      TunableNetwork(try EfficientATNetwork(weights)), .equal(longest: 1000),
      width: card.layers[0].dimension, sourceClasses: card.layers[1].dimension, of: weights)
  }
}

extension EfficientATNetwork: ConstantNetwork {
  mutating func forEachWeight(_ body: (String, inout Tensor) -> Void) {
    stem.forEachWeight("stem", body)
    for index in blocks.indices { blocks[index].forEachWeight("blocks.\(index)", body) }
    last.forEachWeight("last", body)
  }

  func embedding(_ patches: Tensor) -> Tensor { embedding(images: patches.channelled) }
}

extension YAMNet: BackboneExtractor {
  public static let isNormalized = false

  public static func picture(normalize: Bool) -> ModelInput {
    .frontEnd(FrontEnd(id: "yamnet", logMel: .yamnet), standardized: false)
  }

  public static func backbone(weights folder: URL) throws -> BackboneNetwork {
    let weights = try WeightFolder(folder, card).read(weightNames)
    return BackboneNetwork(
      TunableNetwork(try YAMNetNetwork(weights)), .fixed(length: frames, hop: step),
      width: card.layers[0].dimension, sourceClasses: card.layers[1].dimension, of: weights)
  }
}

extension YAMNetNetwork: ConstantNetwork {
  mutating func forEachWeight(_ body: (String, inout Tensor) -> Void) {
    for index in layers.indices { layers[index].forEachWeight("layers.\(index)", body) }
  }

  func embedding(_ patches: Tensor) -> Tensor {
    embedding(images: patches.transpose([0, 2, 1]).channelled)
  }
}

extension KeywordTransformer: BackboneExtractor {
  public static let isNormalized = false

  public static func picture(normalize: Bool) -> ModelInput {
    .frontEnd(.kwt1, standardized: false)
  }

  public static func backbone(weights folder: URL) throws -> BackboneNetwork {
    let weights = try WeightFolder(folder, card).read([weightsName])
    let frames = KeywordNetwork.frames
    return BackboneNetwork(
      try KeywordNetwork(weights), .fixed(length: frames, hop: frames),
      width: KeywordNetwork.width, sourceClasses: KeywordNetwork.labels, of: weights)
  }
}

extension BandNet: BackboneExtractor {
  public static let isNormalized = true

  /// Normalized: standardized over the training clips, as the network was over its own.
  public static func picture(normalize: Bool) -> ModelInput {
    .frontEnd(.band, standardized: normalize)
  }

  public static func backbone(weights folder: URL) throws -> BackboneNetwork {
    let net = try BandNet(weights: folder)
    return BackboneNetwork(
      BandNetwork(cnn: try network(net.size, net.weights)), .fixed(length: frames, hop: frames / 2),
      width: card.layers[0].dimension, sourceClasses: net.size.classes, of: net.weights)
  }
}

/// The CNN of band-net.
private struct BandNetwork: PictureNetwork {
  let cnn: CNN

  var namedParameters: NamedParameters { cnn.body }

  func embedding(_ patches: Tensor, _ mode: Mode) -> Tensor {
    let shape = patches.shape
    return cnn(patches.reshape([shape[0], 1, shape[1], shape[2]]), mode).embedding
  }

  func sourceLogits(_ embedding: Tensor) -> Tensor { cnn.logits(ofEmbedding: embedding) }
}

extension MusiCNN: BackboneExtractor {
  public static let isNormalized = false

  public static func picture(normalize: Bool) -> ModelInput {
    .frontEnd(.musicnn, standardized: false)
  }

  /// The network that was trained on MagnaTagATune.
  public static func backbone(weights folder: URL) throws -> BackboneNetwork {
    let url = folder.appendingPathComponent(Layer.mttDense.fileName)
    let network = TunableNetwork(try MusiCNNNetwork(WeightFile(url)))
    return BackboneNetwork(
      network, .fixed(length: segment, hop: segment), width: Layer.mttDense.dimension,
      sourceClasses: Layer.mttTags.dimension, of: try WeightFolder.read(url))
  }
}

extension MusiCNNNetwork: ConstantNetwork {
  func embedding(_ patches: Tensor) -> Tensor {
    self(patches.transpose([0, 2, 1]).channelled).dense
  }
}

extension Tensor {
  /// [B, H, W] → [B, H, W, 1]
  fileprivate var channelled: Tensor { reshape(shape + [1]) }
}
