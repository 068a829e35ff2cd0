/// A tensor with an identity: a trainable weight, or a buffer such as a running mean.
///
/// ```swift
/// let weight = Parameter(Tensor([0.5], [1]))
/// let loss = (weight.tensor * 3).sum()
/// let gradient = gradients(of: loss)[weight]
/// ```
///
/// A parameter is not `Sendable`: it belongs to the queue that trains or evaluates its model.
public final class Parameter {
  /// The current value, which the optimizer replaces. The shape never changes.
  public var value: Tensor {
    didSet {
      precondition(
        value.shape == oldValue.shape, "a parameter keeps its shape \(oldValue.shape)")
    }
  }
  /// False for buffers and frozen weights.
  public private(set) var isTrainable: Bool
  /// True for a mark that identifies weights kept elsewhere, such as a digest. Restoring a
  /// checkpoint with another value fails.
  public let isFixed: Bool
  let leaf = Node(leaf: "parameter")

  /// A weight that starts from `value`, or a buffer if `isTrainable` is false. Gradients do not
  /// flow into the operations that computed `value`.
  public init(_ value: Tensor, isTrainable: Bool = true) {
    self.value = value.detached
    self.isTrainable = isTrainable
    isFixed = false
  }

  /// A mark, which is neither trained nor restored, only compared.
  public init(fixed value: Tensor) {
    self.value = value.detached
    isTrainable = false
    isFixed = true
  }

  /// Makes the parameter a constant: it gets no gradient, and no optimizer changes it.
  public func freeze() { isTrainable = false }

  /// The value as a leaf of the tape, so that gradients reach the parameter; a constant if the
  /// parameter is not trainable.
  public var tensor: Tensor {
    isTrainable ? Tensor(shape: value.shape, storage: value.storage, node: leaf) : value
  }
}
