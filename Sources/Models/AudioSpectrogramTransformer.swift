// The audio spectrogram transformer: patches of a spectrogram as the words of a sentence.
import Autograd
import Layers

/// AST on normalised Kaldi filter banks [B, frames, mels] or [B, 1, frames, mels]: square patches
/// of 16, every 10, behind a class token and a distillation token, then blocks of attention and
/// feed-forward layers with the norm in front. Parameter names are those of published checkpoints.
/// Paper: Gong, Chung & Glass 2021, arXiv:2104.01778. 86,594,063 parameters by default.
///
/// Only the two tokens' outputs reach the classifier, so the last block computes nothing else:
/// every result and gradient is that of the whole computation. Frozen weights, that is a mode that
/// does not record, still let gradients through to the input.
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

  /// Width is a multiple of `heads`; `frames` and `mels` are the input's sizes, at least 16.
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

  /// Logits [B, C]; the embedding is the mean of the two tokens, [B, width].
  public func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let shape = input.shape
    precondition(
      shape.count == 3 || shape.count == 4 && shape[1] == 1,
      "a spectrogram transformer takes [B, frames, mels], not \(shape)")
    let (body, tokens) = (audioSpectrogramTransformer, PatchEmbeddings.tokens)
    var x = body.embeddings(input.reshape([shape[0], shape[shape.count - 2], -1]), mode)
    for block in body.encoder.layer.dropLast() { x = block(x, mode) }
    x = body.encoder.layer.last?.first(tokens, of: x, mode) ?? x
    let pooled = body.layernorm(x, mode).mean([1])
    return Prediction(
      .logits(classifier.dense(classifier.layernorm(pooled, mode), mode)), embedding: pooled)
  }
}
