// One recorded operation, and the walk back over all of them.

/// What a tensor keeps of the operation that made it.
final class Node {
  let name: StaticString
  /// nil where an input is a constant.
  private(set) var inputs: [Node?]
  /// d(loss)/d(output) → d(loss)/d(each input); nil where nobody needs it. Works on constants:
  /// gradients of gradients are not offered.
  /// Gone once the recording was used up.
  private(set) var pullback: ((Tensor) -> [Tensor?])?

  init(_ name: StaticString, _ inputs: [Node?], _ pullback: @escaping (Tensor) -> [Tensor?]) {
    self.name = name
    self.inputs = inputs
    self.pullback = pullback
  }

  /// A leaf: where a parameter's gradient is collected.
  convenience init(leaf name: StaticString) { self.init(name, []) { _ in [] } }

  /// Lets go of everything that was kept for the way back, which cannot be walked again.
  fileprivate func forget() {
    guard !inputs.isEmpty else { return }
    inputs = []
    pullback = nil
  }
}

extension Tensor {
  /// These values as the result of an operation on `inputs`; a constant when all of them are.
  func recorded(
    _ name: StaticString, from inputs: Tensor..., by pullback: @escaping (Tensor) -> [Tensor?]
  ) -> Tensor {
    recorded(name, from: inputs, by: pullback)
  }

  /// The same for a number of inputs that is not known beforehand.
  func recorded(
    _ name: StaticString, from inputs: [Tensor], by pullback: @escaping (Tensor) -> [Tensor?]
  ) -> Tensor {
    let nodes = inputs.map(\.node)
    guard nodes.contains(where: { $0 != nil }) else { return self }
    return Tensor(shape: shape, storage: storage, node: Node(name, nodes, pullback))
  }
}

/// d(loss)/d(parameter) for every trainable parameter that took part.
public struct Gradients {
  private var values: [ObjectIdentifier: Tensor] = [:]

  /// Of the parameter's shape; nil when the loss does not depend on it.
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

  /// Gradients of operations are dropped once they are passed on; those of leaves stay.
  fileprivate mutating func take(_ node: Node) -> Tensor? {
    node.inputs.isEmpty ? nil : values.removeValue(forKey: ObjectIdentifier(node))
  }
}

/// Gradients of a scalar by reverse-mode differentiation. The order of summation depends on the
/// recorded operations alone, so equal runs give equal bits.
///
/// - Parameters:
///   - loss: A tensor with one element.
///   - forgetting: Frees each operation's memory as soon as its gradient has been passed on. The
///     recording cannot be differentiated again.
/// - Returns: d(loss)/d(parameter) for every trainable parameter that took part.
public func gradients(of loss: Tensor, forgetting: Bool = false) -> Gradients {
  precondition(loss.count == 1, "gradients of a tensor of shape \(loss.shape); expected a scalar")
  return gradients(of: loss, upstream: Tensor(repeating: 1, loss.shape), forgetting: forgetting)
}

/// Gradients of a tensor of any shape, weighted by a known upstream gradient.
///
/// - Parameters:
///   - output: The tensor to differentiate.
///   - upstream: d(loss)/d(output), of the shape of `output`.
///   - forgetting: As in `gradients(of:forgetting:)`.
/// - Returns: The gradient of Σ upstream·output for every parameter that took part.
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
    precondition(node.pullback != nil, "the recording of \(node.name) was used up")
    guard let gradient = result.take(node) else { continue }
    for (input, part) in zip(node.inputs, node.pullback?(gradient) ?? []) {
      if let input, let part { result.add(part, to: input) }
    }
    if forgetting { node.forget() }
  }
  return result
}

/// All nodes below `root`, inputs before the operations that use them.
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
