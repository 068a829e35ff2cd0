// The audio spectrogram transformer as a frozen extractor, from its Hugging Face checkpoint.
import Acoustics
import Autograd
import Formats
import Foundation
import Layers

/// 768 numbers, or the probabilities of AudioSet's 527 classes, for every 10.24 s; the last part of
/// a clip is filled up as the original fills up short clips: with zeros before normalization.
public struct ASTExtractor: Extractor {
  /// Id, title, summary, paper and settings.
  public static let card = ExtractorCard(
    id: "ast", title: "AST",
    summary: "768 numbers per 10.24 s by a spectrogram transformer, trained on AudioSet's tags",
    paper: "Gong, Chung & Glass 2021, arXiv:2104.01778", licence: "BSD-3-Clause",
    layers: [("embedding", 768), ("probabilities", 527)],
    files: [
      "\(weightsName) of MIT/ast-finetuned-audioset-10-10-0.4593 at Hugging Face"
    ])

  static let weightsName = "model.safetensors"

  private let weights: WeightTable
  private let size: Size
  private let isEmbedding: Bool
  public let key: String
  public var workers: Int? { 1 }

  /// What the checkpoint's shapes say of the network.
  struct Size: Sendable, Equatable {
    let classes, width, heads, depth: Int
  }

  public init(weights folder: URL, layer: String? = nil) throws {
    let name = try Self.card.layer(layer)
    try self.init(WeightFolder(folder, Self.card).read([Self.weightsName]), layer: name)
  }

  /// The same of a table at hand; `layer` is one of the card's.
  package init(_ weights: WeightTable, layer: String) throws {
    self.weights = weights
    isEmbedding = layer == Self.card.layers[0].name
    size = try Self.size(of: weights)
    key = Digest.hex("ast 1 \(layer) \(FrontEnd.ast.key) \(weights.digest)".utf8)
  }

  public func makeWorker() throws -> (Waveform) throws -> Spectrogram {
    let network = AudioSpectrogramTransformer(
      classes: size.classes, width: size.width, heads: size.heads, depth: size.depth,
      random: RandomSource(Generator(seed: 0)))
    do {
      try network.restore(weights.tensors)
    } catch let error as StateError {
      throw weights.error("\(error)")
    }
    return { waveform in
      var settings = KaldiFbank.ast()
      settings.frames = nil
      settings.normalization = nil
      return try embed(settings(waveform), network)
    }
  }

  private func embed(
    _ spectrogram: Spectrogram, _ network: AudioSpectrogramTransformer
  ) -> Spectrogram {
    let (length, settings) = (1024, KaldiFbank.Normalization.audioSet)
    return Segments.embed((spectrogram.frames + length - 1) / length, batch: 1) { range in
      let raw = Segments.patches(spectrogram, range, length: length)
      return (raw - settings.mean) * (1 / (2 * settings.std))
    } network: { patches in
      let prediction = network(patches, .evaluation())
      return isEmbedding ? prediction.embedding : prediction.probabilities
    }
  }

  /// Width, depth and classes as the tensors have them; heads are 64 wide, as in every published
  /// one. Throws `Problem`.
  private static func size(of weights: WeightTable) throws -> Size {
    let prefix = "audio_spectrogram_transformer."
    let token = weights.tensors["\(prefix)embeddings.cls_token"]?.shape ?? []
    let head = weights.tensors["classifier.dense.weight"]?.shape ?? []
    let depth = (0..<64).prefix {
      weights.tensors["\(prefix)encoder.layer.\($0).layernorm_before.weight"] != nil
    }.count
    guard let width = token.last, token.count == 3, width % 64 == 0, width > 0, depth > 0,
      head.count == 2, head[0] > 0
    else {
      throw weights.noTransformer(expecting: "\(prefix)embeddings.cls_token")
    }
    return Size(classes: head[0], width: width, heads: width / 64, depth: depth)
  }
}
