// The tape: recorded operations, and reverse-mode differentiation over them.

/// A recorded operation: the inputs of a tensor and the pullback that made it.
final class Node {
  let name: StaticString
  /// nil for an input that is a constant.
  private(set) var inputs: [Node?]
  /// d(loss)/d(output) → d(loss)/d(each input); nil for an input that needs no gradient. Pullbacks
  /// compute with constants, so there are no second derivatives. nil once the tape is freed.
  private(set) var pullback: ((Tensor) -> [Tensor?])?

  init(_ name: StaticString, _ inputs: [Node?], _ pullback: @escaping (Tensor) -> [Tensor?]) {
    self.name = name
    self.inputs = inputs
    self.pullback = pullback
  }

  /// A leaf, which collects the gradient of a parameter.
  convenience init(leaf name: StaticString) { self.init(name, []) { _ in [] } }

  /// Frees everything that was kept for the backward pass, which cannot run again.
  fileprivate func forget() {
    guard !inputs.isEmpty else { return }
    inputs = []
    pullback = nil
  }
}

extension Tensor {
  /// Records these values as the result of an operation on `inputs`. The result is a constant if
  /// all inputs are constants.
  func recorded(
    _ name: StaticString, from inputs: Tensor..., by pullback: @escaping (Tensor) -> [Tensor?]
  ) -> Tensor {
    recorded(name, from: inputs, by: pullback)
  }

  /// The same for an array of inputs.
  func recorded(
    _ name: StaticString, from inputs: [Tensor], by pullback: @escaping (Tensor) -> [Tensor?]
  ) -> Tensor {
    let nodes = inputs.map(\.node)
    guard nodes.contains(where: { $0 != nil }) else { return self }
    return Tensor(shape: shape, storage: storage, node: Node(name, nodes, pullback))
  }
}

/// The gradients of a loss: d(loss)/d(parameter) for every trainable parameter it depends on.
public struct Gradients {
  private var values: [ObjectIdentifier: Tensor] = [:]

  /// The gradient of `parameter`, of the parameter's shape; nil if the loss does not depend on it.
  public subscript(_ parameter: Parameter) -> Tensor? {
    values[ObjectIdentifier(parameter.leaf)]
  }

  fileprivate subscript(_ node: Node) -> Tensor? { values[ObjectIdentifier(node)] }

  /// Replaces every gradient by a function of itself.
  mutating func replace(_ change: (Tensor) -> Tensor) { values = values.mapValues(change) }

  fileprivate mutating func add(_ gradient: Tensor, to node: Node) {
    let key = ObjectIdentifier(node)
    values[key] = values[key].map { $0 + gradient } ?? gradient
  }

  /// Removes the gradient of an operation once it is passed on. Gradients of leaves stay.
  fileprivate mutating func take(_ node: Node) -> Tensor? {
    node.inputs.isEmpty ? nil : values.removeValue(forKey: ObjectIdentifier(node))
  }
}

/// Computes the gradients of a scalar by reverse-mode differentiation.
///
/// ```swift
/// let weight = Parameter(Tensor([1, -2], [2]))
/// let loss = weight.tensor.squared().sum()
/// let gradient = gradients(of: loss)[weight]  // [2, -4]
/// ```
///
/// The order of summation depends on the recorded operations alone, so equal runs give equal bits.
///
/// - Parameters:
///   - loss: A tensor with one element.
///   - forgetting: Frees each operation's memory as soon as its gradient has been passed on. The
///     tape cannot be differentiated again.
/// - Returns: d(loss)/d(parameter) for every trainable parameter that the loss depends on.
public func gradients(of loss: Tensor, forgetting: Bool = false) -> Gradients {
  precondition(loss.count == 1, "gradients of a tensor of shape \(loss.shape); expected a scalar")
  return gradients(of: loss, upstream: Tensor(repeating: 1, loss.shape), forgetting: forgetting)
}

/// Computes the gradients of a tensor of any shape, given its upstream gradient.
///
/// - Parameters:
///   - output: The tensor to differentiate.
///   - upstream: d(loss)/d(output), of the shape of `output`.
///   - forgetting: As in `gradients(of:forgetting:)`.
/// - Returns: The gradient of Σ upstream·output for every trainable parameter it depends on.
public func gradients(
  of output: Tensor, upstream: Tensor, forgetting: Bool = false
) -> Gradients {
  precondition(
    upstream.shape == output.shape,
    "upstream gradient \(upstream.shape) of a tensor of shape \(output.shape)")
  var result = Gradients()
  guard let root = output.node else { return result }
  result.add(upstream, to: root)
  for node in inOrder(from: root).reversed() {
    precondition(node.pullback != nil, "the tape of \(node.name) was already freed")
    guard let gradient = result.take(node) else { continue }
    for (input, part) in zip(node.inputs, node.pullback?(gradient) ?? []) {
      if let input, let part { result.add(part, to: input) }
    }
    if forgetting { node.forget() }
  }
  return result
}

/// All nodes below `root` in topological order: inputs before the operations that use them.
private func inOrder(from root: Node) -> [Node] {
  var order: [Node] = []
  var seen: Set<ObjectIdentifier> = [ObjectIdentifier(root)]
  var open: [(node: Node, next: Int)] = [(root, 0)]
  while let (node, next) = open.last {
    guard next < node.inputs.count else {
      order.append(node)
      open.removeLast()
      continue
    }
    open[open.count - 1].next += 1
    if let input = node.inputs[next], seen.insert(ObjectIdentifier(input)).inserted {
      open.append((input, 0))
    }
  }
  return order
}
