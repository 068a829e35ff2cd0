// A classifier whose first part turns its input into another picture.
import Autograd

/// What stands behind the part sees `changed(input)` instead of the input, so it can be looked at.
public protocol InputChanging: Classifier {
  /// Whether there is such a part.
  var changesInput: Bool { get }
  /// What the rest of the network is fed, shaped as `input`: [B, 1, M, T] or [B, T, D]. Without a
  /// part the input itself.
  func changed(_ input: Tensor, _ mode: Mode) -> Tensor
}
