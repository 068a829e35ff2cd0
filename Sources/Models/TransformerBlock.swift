import Autograd
import Layers

/// A block of a transformer encoder with pre-normalisation on [B, T, width]: x +
/// attention(norm(x)), then x + feed-forward(norm(x)). The feed-forward layer has four times the
/// width inside. Papers: Vaswani et al. 2017, arXiv:1706.03762; Xiong et al. 2020,
/// arXiv:2002.04745.
struct TransformerBlock: Parametric {
  private struct Attention: Parametric {
    let attention: QueryKeyValue
    let output: Dense
  }
  private struct QueryKeyValue: Parametric { let query, key, value: Linear }
  private struct Dense: Parametric { let dense: Linear }

  private let attention: Attention
  private let intermediate: Dense
  private let output: Dense
  private let layernormBefore: LayerNorm
  private let layernormAfter: LayerNorm
  private let heads: Int

  init(width: Int, heads: Int, random: RandomSource) {
    func linear(_ inputs: Int, _ outputs: Int) -> Linear {
      Linear(inputs, outputs, random: random)
    }
    attention = Attention(
      attention: QueryKeyValue(
        query: linear(width, width), key: linear(width, width), value: linear(width, width)),
      output: Dense(dense: linear(width, width)))
    intermediate = Dense(dense: linear(width, 4 * width))
    output = Dense(dense: linear(4 * width, width))
    layernormBefore = LayerNorm(width)
    layernormAfter = LayerNorm(width)
    self.heads = heads
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    let own = attention.attention
    let mixed = Linear.together(
      [own.query, own.key, own.value], layernormBefore(x, mode), mode
    ).selfAttention(heads: heads)
    return feedForward(attention.output.dense(mixed, adding: x, mode), mode)
  }

  /// Only the first `count` positions of the result. They attend to all positions.
  func first(_ count: Int, of x: Tensor, _ mode: Mode) -> Tensor {
    let all = layernormBefore(x, mode)
    let query = attention.attention.query(all.slice(1, 0..<count), mode)
    let mixed = mixed(query, all, mode)
    return feedForward(
      attention.output.dense(mixed, adding: x.slice(1, 0..<count), mode), mode)
  }

  /// Attention of a few queries [B, n, width] to all of x without computing keys and values. With
  /// q·(K·x) = (Kᵀ·q)·x and Σ p·(V·x + b) = V·(Σ p·x) + b, the matrices apply to the queries
  /// instead. The bias of the keys shifts all scores of a query by the same value, so softmax
  /// ignores it.
  private func mixed(_ query: Tensor, _ x: Tensor, _ mode: Mode) -> Tensor {
    let (clips, n, width) = (query.shape[0], query.shape[1], query.shape[2])
    let own = attention.attention
    let (keys, values) = (mode.use(own.key.weight), mode.use(own.value.weight))
    let parts = (0..<heads).map { $0 * width / heads..<($0 + 1) * width / heads }
    let turned = parts.map { part in
      query.slice(2, part).reshape([clips * n, part.count])
        .matmul(keys.slice(0, part), precision: mode.precision).reshape([clips, n, width])
    }
    let answers = Tensor.concat(turned, axis: 1).attention(
      to: x, x, heads: 1, scale: 1 / Float(width / heads).squareRoot())
    let mixed = parts.enumerated().map { head, part in
      answers.slice(1, head * n..<(head + 1) * n).linear(
        values.slice(0, part), own.value.bias.map { mode.use($0).slice(0, part) },
        precision: mode.precision)
    }
    let unseen = own.key.bias.map { (mode.use($0) * 0).sum() } ?? Tensor(0)
    return Tensor.concat(mixed, axis: 2) + unseen
  }

  private func feedForward(_ x: Tensor, _ mode: Mode) -> Tensor {
    let wide = intermediate.dense(layernormAfter(x, mode), gelu: true, mode)
    return output.dense(wide, adding: x, mode)
  }
}

/// A linear projection of 16×16 patches with stride 10, preceded by a class token and a
/// distillation token (Touvron et al. 2021, arXiv:2012.12877), plus learned position embeddings.
struct PatchEmbeddings: Parametric {
  /// The projection in the form of checkpoints: a convolution.
  private struct Projection: Parametric {
    let weight: Parameter  // [width, 1, 16, 16]
    let bias: Parameter
  }
  private struct Patches: Parametric { let projection: Projection }

  private let clsToken: Parameter  // [1, 1, width]
  private let distillationToken: Parameter
  private let positionEmbeddings: Parameter  // [1, 2 + F·T, width]
  private let patchEmbeddings: Patches

  static let size = 16
  static let stride = 10
  /// The number of tokens before the patches.
  static let tokens = 2

  init(width: Int, frames: Int, mels: Int, random: RandomSource) {
    func count(_ length: Int) -> Int { (length - Self.size) / Self.stride + 1 }
    let length = Self.tokens + count(mels) * count(frames)
    clsToken = Parameter(.zeros([1, 1, width]))
    distillationToken = Parameter(.zeros([1, 1, width]))
    let positions = (0..<length * width).map { _ in Float(random.generator.normal(std: 0.02)) }
    positionEmbeddings = Parameter(Tensor(positions, [1, length, width]))
    let dense = Linear(Self.size * Self.size, width, random: random)
    patchEmbeddings = Patches(
      projection: Projection(
        weight: Parameter(dense.weight.value.reshape([width, 1, Self.size, Self.size])),
        bias: Parameter(dense.bias?.value ?? .zeros([width]))))
  }

  /// [B, frames, mels] → [B, 2 + F·T, width]
  func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    let weight = mode.use(patchEmbeddings.projection.weight)
    let patches = x.patches(size: Self.size, stride: Self.stride).linear(
      weight.reshape([weight.shape[0], -1]), mode.use(patchEmbeddings.projection.bias),
      precision: mode.precision)
    return patches.sequence(
      after: [mode.use(clsToken), mode.use(distillationToken)],
      positions: mode.use(positionEmbeddings))
  }
}
