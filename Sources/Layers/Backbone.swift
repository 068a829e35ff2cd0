import Autograd

/// A classifier whose body can be pre-trained, frozen, and given another head.
public protocol Backbone: Classifier {
  /// The size D of `Prediction.embedding`.
  var embeddingWidth: Int { get }
  /// The prefix of the names of the head's parameters. The embedding does not depend on them.
  static var head: String { get }
  /// The file of the pre-trained weights; nil if the weights were initialised at random.
  var origin: WeightOrigin? { get }
  /// The weights of the last layers of each attention and feed-forward part, with their names in
  /// `namedParameters`: what adapters follow. Empty for a network without attention.
  var sublayerOutputs: NamedParameters { get }
}

/// A backbone with the classes that its network was trained on.
public protocol SourceClassifier: Backbone {
  /// The number S of these classes.
  var sourceClasses: Int { get }
  /// Their logits [B, S] for embeddings [B, D].
  func sourceLogits(_ embedding: Tensor) -> Tensor
}

extension Backbone {
  public var origin: WeightOrigin? { nil }
  public var sublayerOutputs: NamedParameters { [] }

  /// The parameters of the body, on which the embedding depends.
  public var body: NamedParameters {
    namedParameters.filter { !$0.name.hasPrefix(Self.head) }
  }
}

/// A backbone that cuts a spectrogram into square patches and computes a vector for each, so that
/// it can learn to reconstruct patches.
public protocol PatchBackbone: Backbone {
  /// The side of a patch, in bands and frames.
  var patchSize: Int { get }
  /// The values of the n patches of spectrograms [B, 1, M, T], [B, n, side²].
  func patches(of input: Tensor) -> Tensor
  /// The vectors of the patches, [B, n, D], and the embedding of the clip, [B, D].
  func encoded(_ input: Tensor, _ mode: Mode) -> (patches: Tensor, embedding: Tensor)
}

/// Identifies pre-trained weights by file and digest.
public struct WeightOrigin: Sendable, Equatable {
  /// The path for error messages.
  public let file: String
  /// Hexadecimal digits that depend on every name, shape and value.
  public let digest: String

  /// The origin of weights read from `file`.
  public init(file: String, digest: String) {
    self.file = file
    self.digest = digest
  }

  /// The digits as numbers, [digits]: a checkpoint stores them instead of the frozen weights.
  public var mark: Tensor {
    let digits = digest.map { Float($0.hexDigitValue ?? 0) }
    return Tensor(digits, [digits.count])
  }
}

/// A classifier that first transforms its input features, such as a reprogrammed network. The
/// screen shows the transformed features beside the original ones.
public protocol InputChanging: Classifier {
  /// Whether the input is transformed at all.
  var changesInput: Bool { get }
  /// The transformed features that the rest of the network sees, of the shape of `input`:
  /// [B, 1, M, T] or [B, T, D]. If there is no transformation, this is `input`.
  func changed(_ input: Tensor, _ mode: Mode) -> Tensor
}

/// The head of a reprogrammed network: layer normalisation and a dense layer, [B, D] → logits
/// [B, C].
///
/// ```swift
/// let mapping = OutputMapping(768, 20, random: RandomSource(Generator(seed: 1)))
/// let logits = mapping(Tensor.zeros([4, 768]), .evaluation())  // [4, 20]
/// ```
///
/// Paper: the output mapping of Chen & Lerch 2022, arXiv:2211.08379. It has 16,916 parameters from
/// D = 768 to C = 20.
public struct OutputMapping: Parametric {
  private let layernorm: LayerNorm
  private let dense: Linear

  /// A head for D = `features` and C = `classes`, with random initial weights.
  public init(_ features: Int, _ classes: Int, random: RandomSource) {
    layernorm = LayerNorm(features, epsilon: 1e-5)
    dense = Linear(features, classes, random: random)
  }

  /// The logits [B, C] of features [B, D].
  public func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    dense(layernorm(x, mode), mode)
  }
}

/// A part of a network with one input and one output, such as a pre-processor of spectrograms
/// [B, M, T, 1] → [B, M, T, 1].
public protocol Layer: Parametric {
  /// Applies the layer.
  func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor
}
