import Autograd
import Layers

/// The audio spectrogram transformer (AST) on normalised Kaldi filter banks [B, frames, mels] or
/// [B, 1, frames, mels].
///
/// The input is cut into square patches of 16 with stride 10. A class token and a distillation
/// token come first. Blocks of attention and feed-forward layers with pre-normalisation follow.
/// Parameters have the names of published checkpoints. The default size has 86,594,063 parameters.
///
/// Only the outputs of the two tokens reach the classifier, so the last block computes nothing
/// else; results and gradients are the same as those of the full computation. In a mode that does
/// not record, weights are frozen, but gradients still reach the input.
///
/// Paper: Gong, Chung & Glass 2021, arXiv:2104.01778.
public final class AudioSpectrogramTransformer: Classifier {
  private struct Backbone: Parametric {
    let embeddings: PatchEmbeddings
    let encoder: Encoder
    let layernorm: LayerNorm
  }
  private struct Encoder: Parametric { let layer: [TransformerBlock] }
  private struct Head: Parametric {
    let layernorm: LayerNorm
    let dense: Linear
  }

  private let audioSpectrogramTransformer: Backbone
  private let classifier: Head
  /// Patchout: the share of the patches that each training batch leaves out, 0..<1. They are drawn
  /// at random, the same for all clips of a batch. Attention then costs less time.
  /// Paper: Koutini et al. 2022, arXiv:2110.05069.
  var patchout = 0.0

  /// A transformer with random initial weights.
  ///
  /// - Parameters:
  ///   - classes: The number of outputs C.
  ///   - width: The size of a token, a multiple of `heads`.
  ///   - heads: The heads of each attention layer.
  ///   - depth: The number of blocks.
  ///   - frames: The frames of the input, at least 16.
  ///   - mels: The bands of the input, at least 16.
  ///   - random: Draws the initial weights.
  public init(
    classes: Int, width: Int = 768, heads: Int = 12, depth: Int = 12, frames: Int = 1024,
    mels: Int = 128, random: RandomSource
  ) {
    precondition(depth > 0 && width % heads == 0, "\(depth) blocks of \(heads) heads in \(width)")
    audioSpectrogramTransformer = Backbone(
      embeddings: PatchEmbeddings(width: width, frames: frames, mels: mels, random: random),
      encoder: Encoder(
        layer: (0..<depth).map { _ in
          TransformerBlock(width: width, heads: heads, random: random)
        }),
      layernorm: LayerNorm(width))
    classifier = Head(layernorm: LayerNorm(width), dense: Linear(width, classes, random: random))
  }

  /// Predicts logits [B, C]. The embedding is the mean of the two tokens, [B, width].
  public func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let shape = input.shape
    precondition(
      shape.count == 3 || shape.count == 4 && shape[1] == 1,
      "spectrogram transformer on \(shape); expected [B, frames, mels]")
    let (body, tokens) = (audioSpectrogramTransformer, PatchEmbeddings.tokens)
    var x = body.embeddings(input.reshape([shape[0], shape[shape.count - 2], -1]), mode)
    if mode.training, patchout > 0 { x = x.choosing(keptTokens(x.shape[1], mode)) }
    for block in body.encoder.layer.dropLast() { x = block(x, mode) }
    x = body.encoder.layer.last?.first(tokens, of: x, mode) ?? x
    let pooled = body.layernorm(x, mode).mean([1])
    return Prediction(
      .logits(classifier.dense(classifier.layernorm(pooled, mode), mode)), embedding: pooled)
  }

  /// The vectors of the patches, [B, F·T, width], and the embedding, [B, width], of the input of
  /// `callAsFunction`, without patchout.
  func encoded(_ input: Tensor, _ mode: Mode) -> (patches: Tensor, embedding: Tensor) {
    let (body, tokens) = (audioSpectrogramTransformer, PatchEmbeddings.tokens)
    var x = body.embeddings(input, mode)
    for block in body.encoder.layer { x = block(x, mode) }
    x = body.layernorm(x, mode)
    return (x.slice(1, tokens..<x.shape[1]), x.slice(1, 0..<tokens).mean([1]))
  }

  /// The places of the class and distillation tokens and of the patches that stay, in order.
  private func keptTokens(_ count: Int, _ mode: Mode) -> [Int] {
    var patches = Array(PatchEmbeddings.tokens..<count)
    mode.random.generator.shuffle(&patches)
    let kept = max(1, Int((Double(patches.count) * (1 - patchout)).rounded()))
    return Array(0..<PatchEmbeddings.tokens) + patches.prefix(kept).sorted()
  }
}
