import Autograd

/// A part of a network with one input and one output, such as a pre-processor of spectrograms
/// [B, M, T, 1] → [B, M, T, 1].
public protocol Layer: Parametric {
  /// Applies the layer.
  func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor
}
