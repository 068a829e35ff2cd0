// The Keyword Transformer KWT-1: a small transformer on the frames of a second of speech.
import Acoustics
import Autograd
import Foundation
import Layers

/// KWT-1, trained on the commands of Speech Commands: 64 values for each second of sound. Silence
/// fills the last second. It has heard single words only.
public struct KeywordTransformer: Extractor {
  /// Id, layers, paper, licence and files.
  public static let card = ExtractorCard(
    id: "kwt1", title: "Keyword Transformer KWT-1",
    summary: "64 numbers a second by a small transformer, trained on spoken commands",
    paper: "Berg et al. 2021, arXiv:2104.00769", licence: "Apache-2.0",
    layers: [("embedding", KeywordNetwork.width)],
    files: ["\(weightsName), the tensors of KWT-1 for 12 labels of Speech Commands v2"])

  static let weightsName = "kwt1_v2_12.safetensors"
  private static let version = 1
  /// Samples of a segment at 16 kHz.
  private static let length = 16_000
  private static let batch = 8

  private let weights: WeightTable
  public let key: String

  public init(weights folder: URL, layer: String?) throws {
    let layer = try Self.card.layer(layer)
    weights = try WeightFolder(folder, Self.card).read([Self.weightsName])
    _ = try KeywordNetwork(weights)
    key = Digest.hex("kwt1 \(Self.version) \(layer) \(FrontEnd.kwt1.key) \(weights.digest)".utf8)
  }

  public func makeWorker() throws -> (Waveform) throws -> Spectrogram {
    let network = try KeywordNetwork(weights)
    return { sound in
      let samples = sound.resampled(to: LogMel.kwt1.sampleRate).samples
      guard !samples.isEmpty else {
        throw AudioError(file: "", reason: "0 samples; expected at least 1")
      }
      let count = (samples.count + Self.length - 1) / Self.length
      return try Segments.embed(count, batch: Self.batch) { range in
        Tensor.concat(try range.map { try Self.picture(samples, second: $0) }, axis: 0)
      } network: {
        network.embedding($0, .evaluation())
      }
    }
  }

  /// [1, 40, 98]
  private static func picture(_ samples: [Float], second: Int) throws -> Tensor {
    let part = Array(samples[second * length..<min(samples.count, (second + 1) * length)])
    let silence = repeatElement(Float(0), count: length - part.count)
    let picture = try FrontEnd.kwt1(
      Waveform(samples: part + silence, sampleRate: LogMel.kwt1.sampleRate))
    return Tensor(picture.values, [1, picture.bands, picture.frames])
  }
}

/// A linear layer on each of 98 frames of 40 coefficients, a class token, learned positions and
/// twelve blocks with post-normalisation; the embedding is the class token. 607,310 numbers for 12
/// labels. Paper: Berg, O'Connor & Cruz 2021, arXiv:2104.00769.
package final class KeywordNetwork: PictureNetwork {
  /// D, the size of a token.
  package static let width = 64
  /// Coefficients and frames of the input.
  package static let (bands, frames) = (40, 98)
  /// S, the words that it was trained on.
  static let labels = 12
  private static let (depth, hidden) = (12, 256)

  private let patchEmbed: Linear
  private let clsToken, posEmbed: Parameter
  private let blocks: [Block]
  private let head: FrozenDense

  /// Throws `Problem` if the table holds another network.
  package init(_ table: WeightTable) throws {
    patchEmbed = try table.linear("patch_embed", Self.bands, Self.width)
    // The network's cosine transform gives the first coefficient the weight of the others, and the
    // orthonormal one of the front end 1/√2 of it.
    let first = [Float(2).squareRoot()] + [Float](repeating: 1, count: Self.bands - 1)
    patchEmbed.weight.value = patchEmbed.weight.value * Tensor(first, [Self.bands])
    clsToken = Parameter(try table.take("cls_token", [1, 1, Self.width]))
    posEmbed = Parameter(try table.take("pos_embed", [1, Self.frames + 1, Self.width]))
    blocks = try (0..<Self.depth).map { try Block(table, "blocks.\($0)") }
    head = FrozenDense(
      weight: try table.take("head.weight", [Self.labels, Self.width]),
      bias: try table.take("head.bias", [Self.labels]))
  }

  /// Patches [B, 40, 98] → embeddings [B, 64].
  package func embedding(_ patches: Tensor, _ mode: Mode) -> Tensor {
    tokens(patches, mode).slice(1, 0..<1).reshape([patches.shape[0], Self.width])
  }

  /// Patches [B, 40, 98] → all tokens [B, 99, 64], the class token first.
  package func tokens(_ patches: Tensor, _ mode: Mode) -> Tensor {
    let frames = patchEmbed(patches.transpose([0, 2, 1]), mode)
    let tokens = frames.sequence(after: [mode.use(clsToken)], positions: mode.use(posEmbed))
    return blocks.reduce(tokens) { $1($0, mode) }
  }

  /// Embeddings [B, 64] → logits of 12 labels.
  package func sourceLogits(_ embedding: Tensor) -> Tensor { head(embedding) }

  var sublayerOutputs: NamedParameters {
    namedParameters.filter { $0.name.hasSuffix("output.weight") }
  }

  /// norm(x + attention(x)), then norm(x + feed-forward(x)), as in Vaswani et al. 2017,
  /// arXiv:1706.03762.
  private struct Block: Parametric {
    let attention: Attention
    let mlp: FeedForward
    let norm1, norm2: LayerNorm

    struct Attention: Parametric { let query, key, value, output: Linear }
    struct FeedForward: Parametric { let hidden, output: Linear }

    init(_ table: WeightTable, _ name: String) throws {
      let width = KeywordNetwork.width
      func part(_ letter: String) throws -> Linear {
        try table.linear("\(name).attn.\(letter)", width, width, bias: letter == "proj")
      }
      attention = Attention(
        query: try part("q"), key: try part("k"), value: try part("v"), output: try part("proj"))
      mlp = FeedForward(
        hidden: try table.linear("\(name).mlp.fc1", width, KeywordNetwork.hidden),
        output: try table.linear("\(name).mlp.fc2", KeywordNetwork.hidden, width))
      norm1 = try table.layerNorm("\(name).norm1", width, epsilon: 1e-6)
      norm2 = try table.layerNorm("\(name).norm2", width, epsilon: 1e-6)
    }

    /// [B, T, width] → [B, T, width]
    func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
      let mixed = Linear.together([attention.query, attention.key, attention.value], x, mode)
        .selfAttention(heads: 1)
      let y = norm1(attention.output(mixed, adding: x, mode), mode)
      let wide = mlp.hidden(y, mode).approximateGELU()
      return norm2(mlp.output(wide, adding: y, mode), mode)
    }
  }
}

extension Tensor {
  /// x · σ(2√(2/π) · (x + 0.044715 x³)), the approximation of GELU with the hyperbolic tangent.
  /// Paper: Hendrycks & Gimpel 2016, arXiv:1606.08415.
  func approximateGELU() -> Tensor {
    let scale = 2 * (2 / Float.pi).squareRoot()
    return self * ((self * self).affine(scale: 0.044715 * scale, shift: scale) * self).sigmoid()
  }
}

extension WeightTable {
  /// A dense layer named `<name>.weight` [outputs, inputs] and, if there is one, `<name>.bias`.
  fileprivate func linear(
    _ name: String, _ inputs: Int, _ outputs: Int, bias: Bool = true
  ) throws -> Linear {
    let layer = Linear(
      inputs, outputs, bias: bias, random: RandomSource(Generator(seed: 0)))
    layer.weight.value = try take("\(name).weight", [outputs, inputs])
    if let own = layer.bias { own.value = try take("\(name).bias", [outputs]) }
    return layer
  }

  fileprivate func layerNorm(_ name: String, _ width: Int, epsilon: Float) throws -> LayerNorm {
    let norm = LayerNorm(width, epsilon: epsilon)
    norm.weight.value = try take("\(name).weight", [width])
    norm.bias.value = try take("\(name).bias", [width])
    return norm
  }
}
