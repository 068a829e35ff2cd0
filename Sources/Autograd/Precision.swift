import CKernels

/// The type that the factors of a matrix product are rounded to. Values, sums and weights stay
/// float32 in both cases.
public enum Precision: String, Sendable, CaseIterable {
  /// 32-bit floating point: nothing is rounded.
  case fp32
  /// bfloat16, with 8 bits of mantissa: about twice as fast on processors with bfloat16
  /// instructions.
  case bf16

  /// Whether this processor has the instructions. If not, products are computed in float32.
  public var isSupported: Bool { self == .fp32 || scant_has_bf16() != 0 }
}
