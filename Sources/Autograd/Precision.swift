// How exactly matrix products are made.
import CKernels

/// What the factors of a product are rounded to. Values, sums and weights stay float32 in either
/// case; bf16 (8 bits of mantissa) doubles the speed where the processor knows it.
public enum Precision: String, Sendable, CaseIterable {
  case fp32
  case bf16

  /// Whether this processor computes so; where not, products are float32 all the same.
  public var isSupported: Bool { self == .fp32 || scant_has_bf16() != 0 }
}
