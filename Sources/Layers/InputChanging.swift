import Autograd

/// A classifier that first transforms its input features, such as a reprogrammed network. The
/// screen shows the transformed features beside the original ones.
public protocol InputChanging: Classifier {
  /// Whether the input is transformed at all.
  var changesInput: Bool { get }
  /// The transformed features that the rest of the network sees, of the shape of `input`:
  /// [B, 1, M, T] or [B, T, D]. If there is no transformation, this is `input`.
  func changed(_ input: Tensor, _ mode: Mode) -> Tensor
}
