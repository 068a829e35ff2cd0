// Dropout. The pullback repeats the draws, so no mask is kept.
import CKernels

/// The random draw of one application of dropout: it drops the same values wherever it is applied.
public struct DropoutDraw: Sendable {
  let rate: Float
  let seed: UInt64

  /// Takes one number from `random`, which seeds all values; so the stream does not depend on the
  /// shape. nil if `rate` is 0; then nothing is drawn.
  ///
  /// - Precondition: `rate` is in 0..<1.
  public init?(_ rate: Float, _ random: RandomSource) {
    precondition((0..<1).contains(rate), "dropout rate \(rate); expected 0 up to below 1")
    guard rate > 0 else { return nil }
    self.rate = rate
    seed = random.generator.next()
  }

  /// The factor on the values that are kept.
  var scale: Float { 1 / (1 - rate) }
}

extension Tensor {
  /// Inverted dropout: each value becomes 0 with probability `rate`, otherwise x / (1 − rate).
  ///
  /// Paper: Srivastava et al. 2014, JMLR 15:1929.
  ///
  /// - Parameters:
  ///   - rate: The probability, in 0..<1, rounded to 1/65536.
  ///   - random: Draws one number per call.
  public func dropout(_ rate: Float, _ random: RandomSource) -> Tensor {
    DropoutDraw(rate, random).map { dropped($0) } ?? self
  }

  func dropped(_ draw: DropoutDraw) -> Tensor {
    let result = Tensor(uninitialized: shape)
    // Parts of the default grain begin at multiples of 32, as the kernel requires.
    parallelParts(count) { start, length in
      scant_dropout(pointer + start, draw.seed, start, draw.rate, result.pointer + start, length)
    }
    // Dropout is linear in x: its adjoint applies the same draws to the gradient.
    return result.recorded("dropout", from: self) { [$0.dropped(draw)] }
  }
}
