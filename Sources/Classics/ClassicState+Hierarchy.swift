// Saves and restores trees of classes: each node with its features and its model.

extension HierarchicalModel: SavedModel where Node == SelectedModel {
  static var family: String { "tree" }

  /// "structure" holds, in depth-first order, (children, node number) for a node and (0, class) for
  /// a leaf. "node3.…" holds the features and the model of node 3.
  var tensors: [String: ClassicTensor] {
    var (structure, tensors): ([Float], [String: ClassicTensor]) = ([], [:])
    var nodes = 0
    func walk(_ branch: Branch) {
      switch branch {
      case .leaf(let index): structure += [0, Float(index)]
      case .node(let node, let children):
        structure += [Float(children.count), Float(nodes)]
        tensors["node\(nodes).features"] = vector(node.features.map { Float($0) })
        for (name, tensor) in node.model.tensors { tensors["node\(nodes).\(name)"] = tensor }
        nodes += 1
        children.forEach(walk)
      }
    }
    walk(root)
    tensors["structure"] = vector(structure)
    return tensors
  }

  init(_ reader: TensorReader, features: Int) throws(ClassicError) {
    let numbers = try reader.wholes("structure")
    guard numbers.count.isMultiple(of: 2), !numbers.isEmpty else {
      throw ClassicError("'structure' has \(numbers.count) numbers; expected pairs")
    }
    var plan = Plan(reader: reader, features: features, numbers: numbers)
    let root = try plan.branch(depth: 0)
    guard plan.isRead else { throw ClassicError("'structure' goes on; expected one tree") }
    self.init(root: root.branch, tree: root.tree, classes: root.tree.classes.count)
    try tree.check(classes)
  }

  private struct Plan {
    let reader: TensorReader
    let features: Int
    let numbers: [Int]
    private var next = 0
    /// A bound on the recursion, far above any number of classes.
    private static var deepest: Int { 500 }

    init(reader: TensorReader, features: Int, numbers: [Int]) {
      (self.reader, self.features, self.numbers) = (reader, features, numbers)
    }

    var isRead: Bool { next == numbers.count }

    mutating func branch(
      depth: Int
    ) throws(ClassicError) -> (branch: Branch, tree: ClassTree) {
      guard next < numbers.count, depth < Self.deepest else {
        throw ClassicError("'structure' ends early or is too deep; expected one tree")
      }
      let (count, number) = (numbers[next], numbers[next + 1])
      next += 2
      if count == 0 { return (.leaf(number), .leaf(number)) }
      let node = try node(number, children: count)
      var (branches, trees): ([Branch], [ClassTree]) = ([], [])
      for _ in 0..<count {
        let child = try branch(depth: depth + 1)
        branches.append(child.branch)
        trees.append(child.tree)
      }
      return (.node(node, branches), .node(trees))
    }

    private func node(_ number: Int, children: Int) throws(ClassicError) -> SelectedModel {
      let prefix = "node\(number)."
      let own = Dictionary(
        uniqueKeysWithValues: reader.tensors.filter { $0.key.hasPrefix(prefix) }
          .map { (String($0.key.dropFirst(prefix.count)), $0.value) })
      let chosen = try TensorReader(tensors: own).wholes("features")
      let model = try ScaledModel(tensors: own)
      guard chosen.allSatisfy({ $0 < features }), chosen.count == model.scale.mean.count,
        model.classes == children
      else { throw ClassicError("'\(prefix)features' do not fit; expected those of its model") }
      return SelectedModel(features: chosen, model: model)
    }
  }
}
