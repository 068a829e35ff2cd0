// Attention pooling: clip-level probabilities as a weighted mean of frame-level ones.
import CKernels

extension Tensor {
  /// Attention pooling over frames: [B, T, 2·C] → [B, C].
  ///
  /// Each frame holds the logits of C weights w and then of C decisions d. The result is
  /// Σ_t w·d / Σ_t w with d = σ(logit) and w = σ(logit) limited to 1e-7...1 − 1e-7, so that the
  /// denominator never vanishes.
  ///
  /// Paper: Gururani, Sharma & Lerch 2019, arXiv:1907.04294.
  public func attentionPooled() -> Tensor {
    precondition(
      shape.count == 3 && shape[2].isMultiple(of: 2),
      "attention pooling of \(shape); expected [B, T, 2·C]")
    let (frames, classes) = (shape[1], shape[2] / 2)
    let sigmoids = detached.sigmoid()
    let result = Tensor(uninitialized: [shape[0], classes])
    let grain = Swift.max(1, 16_384 / Swift.max(1, frames * classes))
    parallelParts(shape[0], grain: grain) { clip, count in
      scant_attention_pool(
        sigmoids.pointer + clip * frames * 2 * classes, count, frames, classes,
        result.pointer + clip * classes)
    }
    return result.recorded("attentionPooled", from: self) { gradient in
      let down = Tensor(uninitialized: sigmoids.shape)
      parallelParts(result.shape[0], grain: grain) { clip, count in
        let at = clip * frames * 2 * classes
        scant_attention_pool_back(
          sigmoids.pointer + at, result.pointer + clip * classes, gradient.pointer + clip * classes,
          count, frames, classes, down.pointer + at)
      }
      return [down]
    }
  }
}
