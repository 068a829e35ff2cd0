// The audio spectrogram transformer as a model of the catalogue.
import Acoustics
import Autograd
import Foundation
import Layers

/// AST on Kaldi filter banks [B, 1, M, T], with random or pre-trained weights and a new head.
/// Paper: Gong, Chung & Glass 2021, arXiv:2104.01778.
public final class ASTModel: SourceClassifier {
  /// The size of the network.
  public struct Size: Sendable, Equatable {
    /// The size of a token, the heads of each attention layer, and the number of blocks.
    public let width, heads, depth: Int

    /// A size; `heads` divides `width`.
    public init(width: Int, heads: Int, depth: Int) {
      (self.width, self.heads, self.depth) = (width, heads, depth)
    }
  }

  private let network: AudioSpectrogramTransformer
  public let embeddingWidth: Int
  public let origin: WeightOrigin?
  /// The classes of the weight file; nil with random weights and after pre-training without labels.
  private let source: SourceHead?
  public static let head = "classifier."

  /// A network with random weights. `input` has at least 16 bands and frames.
  public convenience init(classes: Int, size: Size, input: InputSize, random: RandomSource) {
    self.init(
      AudioSpectrogramTransformer(
        classes: classes, width: size.width, heads: size.heads, depth: size.depth,
        frames: input.frames, mels: input.bands, random: random), width: size.width)
  }

  private init(
    _ network: AudioSpectrogramTransformer, width: Int, origin: WeightOrigin? = nil,
    source: SourceHead? = nil
  ) {
    self.network = network
    self.origin = origin
    self.source = source
    embeddingWidth = width
  }

  /// A network with the weights of a file and a new head. Position embeddings are cut or
  /// interpolated to the number of frames.
  ///
  /// - Throws: `Problem` if the file contains another network.
  package convenience init(
    classes: Int, input: InputSize, weights: WeightTable, random: RandomSource
  ) throws {
    let size = try PublishedTransformer.size(of: weights)
    let network = AudioSpectrogramTransformer(
      classes: classes, width: size.width, heads: size.heads, depth: size.depth,
      frames: input.frames, mels: input.bands, random: random)
    var state = network.state.filter { $0.key.hasPrefix(Self.head) }
    for (name, tensor) in weights.tensors where !name.hasPrefix(Self.head) {
      state[name] = tensor
    }
    let positions = PublishedTransformer.positions
    if let grid = state[positions] {
      state[positions] = try PositionGrid(grid, bands: input.bands, of: weights)
        .fitted(toFrames: input.frames)
    }
    do {
      try network.restore(state)
    } catch let error as StateError {
      throw weights.error("\(error)")
    }
    self.init(
      network, width: size.width,
      origin: WeightOrigin(file: weights.file, digest: weights.digest),
      source: try SourceHead(of: weights, width: size.width))
  }

  /// The parameters, with the names of published checkpoints.
  public var namedParameters: NamedParameters { network.namedParameters }

  public var sublayerOutputs: NamedParameters {
    body.filter { $0.name.hasSuffix("output.dense.weight") }
  }

  /// Those of the weight file: 527 tags of AudioSet for `ast`, programs and keys of notes for
  /// `band-ast`; 0 without.
  public var sourceClasses: Int { source?.classes ?? 0 }

  public func sourceLogits(_ embedding: Tensor) -> Tensor {
    source?(embedding) ?? .zeros([embedding.shape[0], 0])
  }

  /// Predicts filter banks [B, 1, M, T] or [B, T, M].
  public func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    network(Self.frames(input), mode)
  }

  /// [B, 1, M, T] or [B, T, M] → [B, T, M]
  private static func frames(_ input: Tensor) -> Tensor {
    let shape = input.shape
    guard shape.count == 4 else { return input }
    return input.reshape([shape[0], shape[2], shape[3]]).transpose([0, 2, 1])
  }

  /// The front end for `frames` frames of 10 ms.
  public static func frontEnd(normalize: Bool, frames: Int) -> FrontEnd {
    var settings = KaldiFbank.ast(normalize: normalize)
    settings.frames = frames
    return FrontEnd(id: normalize ? "ast" : "ast-raw", .kaldiFbank(settings))
  }
}

extension ASTModel: ModelBlueprint {
  /// Id, title, summary, paper and settings.
  public static let card = Card(
    id: "ast", title: "Spectrogram transformer",
    summary: "AST: patches of a Kaldi filter bank as words; fresh or pre-trained, any size",
    paper: "Gong, Chung & Glass 2021, arXiv:2104.01778",
    hyperparameters: [weights, width, layers, heads, patchout] + KaldiInput.hyperparameters)

  private static let weights = Hyperparameter<String>.weights(
    "weights", "weights",
    help: "random, AudioSet's as published, our own of single notes, or those of a file",
    initial: PublishedTransformer.random,
    choices: [PublishedTransformer.random] + PublishedTransformer.ids)
  private static let width = Hyperparameter<Int>(
    "width", "width", help: "token width with random weights; a multiple of the heads",
    initial: 768, range: 8...2048)
  private static let layers = Hyperparameter<Int>(
    "layers", "layers", help: "attention blocks, with random weights", initial: 12,
    range: 1...48)
  private static let heads = Hyperparameter<Int>(
    "heads", "heads", help: "attention heads, with random weights", initial: 12, range: 1...64)
  private static let patchout = Hyperparameter<Double>(
    "patchout", "patchout", help: "share of the patches that a training batch leaves out",
    initial: 0, range: 0...0.9)

  public static func input(_ settings: Settings) -> ModelInput {
    KaldiInput.input(settings)
  }

  public static func make(
    classes: Int, input: InputSize, settings: Settings, random: RandomSource
  ) throws -> any Classifier {
    guard input.bands >= PatchEmbeddings.size, input.frames >= PatchEmbeddings.size else {
      throw SettingsError(
        key: "ast.frames", problem: "an input of \(input.bands) bands and \(input.frames) frames",
        expected: "at least 16 of each")
    }
    let model = try make(classes, input, settings, random)
    model.network.patchout = settings[patchout]
    return model
  }

  private static func make(
    _ classes: Int, _ input: InputSize, _ settings: Settings, _ random: RandomSource
  ) throws -> ASTModel {
    let start = settings[weights]
    if start != PublishedTransformer.random, !StartingWeights.isFile(start) {
      return try ASTModel(
        classes: classes, input: input, weights: PublishedTransformer.read(start), random: random)
    }
    let size = Size(
      width: settings[width], heads: settings[heads], depth: settings[layers])
    guard size.width.isMultiple(of: size.heads) else {
      throw SettingsError(
        key: "ast.heads", problem: "\(size.heads) heads do not divide the width \(size.width)",
        expected: "a divisor of it")
    }
    let model = ASTModel(classes: classes, size: size, input: input, random: random)
    guard StartingWeights.isFile(start) else { return model }
    return try model.starting(
      from: StartingWeights.read(start, equal: ("heads", size.heads)), input)
  }

  /// The same network with the weights of a file. Position embeddings are cut or interpolated.
  private func starting(from weights: WeightTable, _ input: InputSize) throws -> ASTModel {
    let name = PublishedTransformer.positions
    let grid = try weights.tensors[name].map {
      try PositionGrid($0, bands: input.bands, of: weights).fitted(toFrames: input.frames)
    }
    try weights.start(self, replacing: grid.map { [name: $0] } ?? [:])
    return ASTModel(network, width: embeddingWidth, origin: weights.origin)
  }
}

extension ASTModel: PatchBackbone {
  public var patchSize: Int { PatchEmbeddings.size }

  public func patches(of input: Tensor) -> Tensor {
    Self.frames(input).patches(size: PatchEmbeddings.size, stride: PatchEmbeddings.stride)
  }

  public func encoded(_ input: Tensor, _ mode: Mode) -> (patches: Tensor, embedding: Tensor) {
    network.encoded(Self.frames(input), mode)
  }
}
