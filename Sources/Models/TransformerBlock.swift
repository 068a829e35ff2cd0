// One block of a transformer encoder.
import Autograd
import Layers

/// x + attention(norm(x)), then x + feed-forward(norm(x)), on [B, T, width]; the feed-forward layer
/// is four times as wide inside. Papers: Vaswani et al. 2017, arXiv:1706.03762; norm in front:
/// Xiong et al. 2020, arXiv:2002.04745.
struct TransformerBlock: Parametric {
  private struct Attention: Parametric {
    let attention: Projections
    let output: Dense
  }
  private struct Projections: Parametric { let query, key, value: Linear }
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
      attention: Projections(
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

  /// The first `count` positions of the result alone: they attend to all, the others are not made.
  func first(_ count: Int, of x: Tensor, _ mode: Mode) -> Tensor {
    let own = attention.attention
    let all = layernormBefore(x, mode)
    let query = own.query(all.slice(1, 0..<count), mode)
    let mixed = query.attention(
      to: Linear.together([own.key, own.value], all, mode), heads: heads)
    return feedForward(
      attention.output.dense(mixed, adding: x.slice(1, 0..<count), mode), mode)
  }

  private func feedForward(_ x: Tensor, _ mode: Mode) -> Tensor {
    let wide = intermediate.dense(layernormAfter(x, mode), gelu: true, mode)
    return output.dense(wide, adding: x, mode)
  }
}
