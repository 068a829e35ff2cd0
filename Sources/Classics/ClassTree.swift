// Classes arranged as a tree, such as sound > music > jazz.

/// A leaf is a class; an inner node has at least two children.
public indirect enum ClassTree: Sendable, Equatable {
  case leaf(Int)
  case node([ClassTree])

  /// The classes below, in order.
  public var classes: [Int] {
    switch self {
    case .leaf(let index): [index]
    case .node(let children): children.flatMap(\.classes)
    }
  }

  /// Throws unless every class of 0..<count is a leaf exactly once and every inner node has at
  /// least two children.
  func check(_ count: Int) throws(ClassicError) {
    guard classes.sorted() == Array(0..<count) else {
      throw ClassicError("a tree of classes \(classes); expected each of 0 to \(count - 1) once")
    }
    guard hasChoices else { throw ClassicError("a node with one child; expected at least two") }
  }

  private var hasChoices: Bool {
    switch self {
    case .leaf: true
    case .node(let children): children.count > 1 && children.allSatisfy(\.hasChoices)
    }
  }
}

/// A hierarchical classifier: at every node a separate classifier chooses among the children.
/// Source: Burred, Lerch 2004, JAES 52:724.
public struct HierarchicalModel<Node: ClassicModel>: ClassicModel {
  indirect enum Branch: Sendable {
    case leaf(Int)
    case node(Node, [Branch])
  }

  public let classes: Int
  public let tree: ClassTree
  let root: Branch

  init(root: Branch) {
    self.root = root
    tree = Self.tree(root)
    classes = tree.classes.count
  }

  private static func tree(_ branch: Branch) -> ClassTree {
    switch branch {
    case .leaf(let index): .leaf(index)
    case .node(_, let children): .node(children.map(tree))
    }
  }

  /// `fit` gets the rows below a node and, as classes, the children that they belong to. Every row
  /// has exactly one class.
  public init(
    fitting examples: Examples, _ labels: ClassicLabels, _ tree: ClassTree,
    _ fit: (Examples, ClassicLabels) throws(ClassicError) -> Node
  ) throws(ClassicError) {
    try checkFit(examples, labels)
    try tree.check(labels.classes)
    guard let owners = labels.classOfRows else {
      throw ClassicError("a row with no or several classes; expected exactly one")
    }
    self.init(root: try Self.grow(tree, examples, owners, fit))
  }

  private static func grow(
    _ tree: ClassTree, _ examples: Examples, _ owners: [Int],
    _ fit: (Examples, ClassicLabels) throws(ClassicError) -> Node
  ) throws(ClassicError) -> Branch {
    guard case .node(let children) = tree else { return .leaf(tree.classes[0]) }
    let below = children.map { Set($0.classes) }
    var (rows, chosen): ([Int], [Int]) = ([], [])
    for (row, owner) in owners.enumerated() {
      guard let child = below.firstIndex(where: { $0.contains(owner) }) else { continue }
      rows.append(row)
      chosen.append(child)
    }
    let labels = try ClassicLabels(classOf: chosen, classes: children.count)
    let node = try fit(examples.choosing(rows), labels)
    var branches: [Branch] = []
    for child in children { branches.append(try grow(child, examples, owners, fit)) }
    return .node(node, branches)
  }

  /// The product of the probabilities on the path to a class, each normalised among siblings.
  public func scores(_ examples: Examples) -> [Float] {
    var table = [Float](repeating: 0, count: examples.rows * classes)
    func walk(_ branch: Branch, _ shares: [Float]) {
      switch branch {
      case .leaf(let index):
        for (row, share) in shares.enumerated() { table[row * classes + index] = share }
      case .node(let model, let children):
        let scores = model.scores(examples)
        for (child, next) in children.enumerated() {
          walk(
            next, shares.indices.map { shares[$0] * share(of: child, $0, scores, children.count) })
        }
      }
    }
    walk(root, Array(repeating: 1, count: examples.rows))
    return table
  }

  /// A child's share of the scores of its siblings; equal shares if all are 0.
  private func share(of child: Int, _ row: Int, _ scores: [Float], _ siblings: Int) -> Float {
    let sum = scores[row * siblings..<(row + 1) * siblings].reduce(0, +)
    return sum > 0 ? scores[row * siblings + child] / sum : 1 / Float(siblings)
  }

  /// Top-down decisions: the best child at every node, down to a class.
  public func decisions(_ examples: Examples) -> [Int] {
    var found = [Int](repeating: 0, count: examples.rows)
    func walk(_ branch: Branch, _ rows: [Int]) {
      switch branch {
      case .leaf(let index): for row in rows { found[row] = index }
      case .node(let model, let children):
        let chosen = model.decisions(examples.choosing(rows))
        for (child, next) in children.enumerated() {
          let own = zip(rows, chosen).filter { $0.1 == child }.map(\.0)
          if !own.isEmpty { walk(next, own) }
        }
      }
    }
    walk(root, Array(0..<examples.rows))
    return found
  }
}

extension ClassTree {
  /// Ward's clustering: repeatedly merges the two groups whose union adds least to the within-group
  /// scatter. Source: Ward 1963, doi:10.1080/01621459.1963.10500845.
  ///
  /// Differs from Burred & Lerch 2004, who defined their tree by hand. `owners` is the class of
  /// each row of z-scored `examples`.
  static func clustered(_ examples: Examples, owners: [Int], classes: Int) -> ClassTree {
    var groups = (0..<classes).map { Group(examples, owners, $0) }
    while groups.count > 1 {
      var best = (cost: Double.infinity, first: 0, second: 1)
      for first in groups.indices {
        for second in groups.indices where second > first {
          let cost = groups[first].cost(of: groups[second])
          if cost < best.cost { best = (cost, first, second) }
        }
      }
      let joined = groups[best.first].joined(groups[best.second])
      groups.remove(at: best.second)
      groups[best.first] = joined
    }
    return groups.first?.tree ?? .leaf(0)
  }

  private struct Group {
    let tree: ClassTree
    let rows: Double
    let mean: [Double]

    init(_ examples: Examples, _ owners: [Int], _ index: Int) {
      let members = owners.indices.filter { owners[$0] == index }
      tree = .leaf(index)
      rows = Double(members.count)
      mean = examples.mean(of: members)
    }

    private init(tree: ClassTree, rows: Double, mean: [Double]) {
      (self.tree, self.rows, self.mean) = (tree, rows, mean)
    }

    /// n m / (n + m) · |difference of the means|²; 0 for a class without rows.
    func cost(of other: Group) -> Double {
      let distance = zip(mean, other.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      return rows * other.rows / max(rows + other.rows, 1) * distance
    }

    func joined(_ other: Group) -> Group {
      let sum = max(rows + other.rows, 1)
      return Group(
        tree: .node([tree, other.tree]), rows: rows + other.rows,
        mean: zip(mean, other.mean).map { ($0 * rows + $1 * other.rows) / sum })
    }
  }
}
