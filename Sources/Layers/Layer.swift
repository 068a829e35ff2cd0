// A part of a network with one input and one output, whatever it is made of.
import Autograd

/// Something that turns a tensor into another of the same kind, such as a pre-processor of
/// pictures [B, H, W, 1] → [B, H, W, 1].
public protocol Layer: Parametric {
  func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor
}
