// Dropout: the draws are made again in the pullback, no mask is kept.
import CKernels

extension Tensor {
  /// Inverted dropout: 0 with probability `rate` (to 1/65536), else x / (1 - rate). One draw from
  /// `random` seeds all values, so the stream does not depend on the shape.
  public func dropout(_ rate: Float, _ random: RandomSource) -> Tensor {
    precondition((0..<1).contains(rate), "dropout rate \(rate); expected 0 up to below 1")
    guard rate > 0 else { return self }
    return dropped(rate, seed: random.generator.next())
  }

  private func dropped(_ rate: Float, seed: UInt64) -> Tensor {
    let result = Tensor(uninitialized: shape)
    // The default grain is a multiple of 32, as the kernel asks.
    parallelParts(count) { start, length in
      scant_dropout(pointer + start, seed, start, rate, result.pointer + start, length)
    }
    // Linear in x: the same draws applied to the slope are its transpose.
    return result.recorded("dropout", from: self) { [$0.dropped(rate, seed: seed)] }
  }
}
