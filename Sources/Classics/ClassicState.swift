// Saves and restores fitted models. Names begin with the family: "machines.", "neighbors.",
// "forest.", "mixture." or "tree."; "scale." is the z-score.

/// A model that can be saved in a checkpoint.
protocol SavedModel: ClassicModel {
  /// The tensors by name, without the family.
  var tensors: [String: ClassicTensor] { get }
  /// Restores a model for rows of `features` features. Throws if the tensors do not fit.
  init(_ reader: TensorReader, features: Int) throws(ClassicError)
  static var family: String { get }
}

extension ScaledModel {
  private static let families: [any SavedModel.Type] = [
    SupportVectorMachine.self, NearestNeighbors.self, RandomForest.self, MixtureClassifier.self,
    HierarchicalModel<SelectedModel>.self,
  ]

  /// The tensors by name, which are sufficient to restore the model.
  public var tensors: [String: ClassicTensor] {
    var all = ["scale.mean": vector(scale.mean), "scale.deviation": vector(scale.std)]
    guard let model = model as? any SavedModel else { return all }
    for (name, tensor) in model.tensors { all["\(type(of: model).family).\(name)"] = tensor }
    return all
  }

  /// Restores the result of `tensors`, which may come from a file. Throws `ClassicError` on
  /// anything else.
  public init(tensors: [String: ClassicTensor]) throws(ClassicError) {
    let reader = TensorReader(tensors: tensors)
    let mean = try reader.tensor("scale.mean", dimensions: 1).values
    scale = try ZScore(mean: mean, std: reader.values("scale.deviation", [mean.count]))
    for family in Self.families {
      let own = reader.removing(prefix: "\(family.family).")
      guard !own.tensors.isEmpty else { continue }
      model = try family.init(own, features: mean.count)
      return
    }
    let names = Self.families.map { $0.family }.joined(separator: ", ")
    throw ClassicError("no model beside the z-score; expected one of \(names)")
  }
}

extension SupportVectorMachine: SavedModel {
  static let family = "machines"

  var tensors: [String: ClassicTensor] {
    var gamma: Float = 0
    if case .rbf(let value) = kernel { gamma = value }
    return [
      "support": ClassicTensor(support.values, [support.rows, support.features]),
      "coefficients": ClassicTensor(coefficients, [biases.count, support.rows]),
      "biases": vector(biases), "classes": scalar(Float(classes)), "gamma": scalar(gamma),
      "pairs": scalar(scheme == .oneVersusOne ? 1 : 0),
    ]
  }

  init(_ reader: TensorReader, features: Int) throws(ClassicError) {
    let classes = try reader.whole("classes", 1...65_536)
    let isPairs = try reader.whole("pairs", 0...1) == 1
    let machines = isPairs ? classes * (classes - 1) / 2 : classes
    let rows = try reader.tensor("support", dimensions: 2)
    guard rows.shape[1] == features else {
      throw ClassicError("'support' has \(rows.shape[1]) features; expected \(features)")
    }
    let gamma = try reader.values("gamma", [1])[0]
    guard gamma >= 0 else { throw ClassicError("'gamma' is \(gamma); expected 0 or more") }
    self.init(
      classes: classes, kernel: gamma > 0 ? .rbf(gamma: gamma) : .linear,
      scheme: isPairs ? .oneVersusOne : .oneVersusRest,
      support: Examples(finite: rows.values, features: features),
      coefficients: try reader.values("coefficients", [machines, rows.shape[0]]),
      biases: try reader.values("biases", [machines]))
  }
}

extension NearestNeighbors: SavedModel {
  static let family = "neighbors"

  var tensors: [String: ClassicTensor] {
    let shape = [labels.rows, labels.classes]
    return [
      "rows": ClassicTensor(examples.values, [examples.rows, examples.features]),
      "targets": ClassicTensor(labels.isPositive.map { $0 == true ? 1 : 0 }, shape),
      "observed": ClassicTensor(labels.isPositive.map { $0 == nil ? 0 : 1 }, shape),
      "count": scalar(Float(neighbors)),
    ]
  }

  init(_ reader: TensorReader, features: Int) throws(ClassicError) {
    let rows = try reader.tensor("rows", dimensions: 2)
    let targets = try reader.tensor("targets", dimensions: 2)
    let observed = try reader.values("observed", targets.shape)
    guard rows.shape[1] == features else {
      throw ClassicError("'rows' has \(rows.shape[1]) features; expected \(features)")
    }
    let labels = zip(targets.values, observed).map { $1 > 0 ? $0 >= 0.5 : nil }
    try self.init(
      fitting: Examples(finite: rows.values, features: features),
      ClassicLabels(labels, classes: targets.shape[1]),
      neighbors: reader.whole("count", 1...16_777_216))
  }
}

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
    self.init(root: root)
    try tree.check(classes)
  }

  private struct Plan {
    let reader: TensorReader
    let features: Int
    let numbers: [Int]
    private var next = 0
    /// The maximum depth of the recursion, far above any number of classes.
    private static var deepest: Int { 500 }

    init(reader: TensorReader, features: Int, numbers: [Int]) {
      (self.reader, self.features, self.numbers) = (reader, features, numbers)
    }

    var isRead: Bool { next == numbers.count }

    mutating func branch(depth: Int) throws(ClassicError) -> Branch {
      guard next < numbers.count, depth < Self.deepest else {
        throw ClassicError("'structure' ends early or is too deep; expected one tree")
      }
      let (count, number) = (numbers[next], numbers[next + 1])
      next += 2
      if count == 0 { return .leaf(number) }
      let node = try node(number, children: count)
      var children: [Branch] = []
      for _ in 0..<count { children.append(try branch(depth: depth + 1)) }
      return .node(node, children)
    }

    private func node(_ number: Int, children: Int) throws(ClassicError) -> SelectedModel {
      let prefix = "node\(number)."
      let own = reader.removing(prefix: prefix)
      let chosen = try own.wholes("features")
      let model = try ScaledModel(tensors: own.tensors)
      guard chosen.allSatisfy({ $0 < features }), chosen.count == model.scale.mean.count,
        model.classes == children
      else { throw ClassicError("'\(prefix)features' do not fit; expected those of its model") }
      return SelectedModel(features: chosen, model: model)
    }
  }
}
