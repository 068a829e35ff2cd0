// What training changes: a value with an identity.

/// A named place for a tensor: a weight that gradients reach, or a buffer such as a running mean.
/// Not Sendable: it belongs to the queue that trains or evaluates its model.
public final class Parameter {
  /// The value now; the optimizer replaces it.
  public var value: Tensor {
    didSet {
      precondition(
        value.shape == oldValue.shape, "a parameter keeps its shape \(oldValue.shape)")
    }
  }
  /// False for buffers and frozen weights.
  public private(set) var isTrainable: Bool
  /// True for marks that tell weights apart: a checkpoint with another value does not fit.
  public let isFixed: Bool
  let leaf = Node(leaf: "parameter")

  public init(_ value: Tensor, isTrainable: Bool = true) {
    self.value = value.detached
    self.isTrainable = isTrainable
    isFixed = false
  }

  /// A mark: neither trained nor restored, only compared.
  public init(fixed value: Tensor) {
    self.value = value.detached
    isTrainable = false
    isFixed = true
  }

  /// From now on a constant: no gradient reaches it and no optimizer moves it.
  public func freeze() { isTrainable = false }

  /// The value as a leaf of the recording; a constant when not trainable.
  public var tensor: Tensor {
    isTrainable ? Tensor(shape: value.shape, storage: value.storage, node: leaf) : value
  }
}
