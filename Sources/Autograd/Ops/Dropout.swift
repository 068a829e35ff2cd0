// Dropout: the draws are made again in the pullback, no mask is kept.
import CKernels

/// Which values one application of dropout hides: the same wherever it is used.
public struct DropoutDraw: Sendable {
  let rate: Float
  let seed: UInt64

  /// One draw from `random` seeds all values, so the stream does not depend on the shape. nil, and
  /// no draw, where nothing is hidden.
  public init?(_ rate: Float, _ random: RandomSource) {
    precondition((0..<1).contains(rate), "dropout rate \(rate); expected 0 up to below 1")
    guard rate > 0 else { return nil }
    self.rate = rate
    seed = random.generator.next()
  }

  /// What is kept is multiplied by it.
  var scale: Float { 1 / (1 - rate) }
}

extension Tensor {
  /// Inverted dropout: 0 with probability `rate` (to 1/65536), else x / (1 - rate).
  public func dropout(_ rate: Float, _ random: RandomSource) -> Tensor {
    DropoutDraw(rate, random).map { dropped($0) } ?? self
  }

  func dropped(_ draw: DropoutDraw) -> Tensor {
    let result = Tensor(uninitialized: shape)
    // Parts of the default grain begin at multiples of 32, as the kernel asks.
    parallelParts(count) { start, length in
      scant_dropout(pointer + start, draw.seed, start, draw.rate, result.pointer + start, length)
    }
    // Linear in x: the same draws applied to the gradient are its transpose.
    return result.recorded("dropout", from: self) { [$0.dropped(draw)] }
  }
}
