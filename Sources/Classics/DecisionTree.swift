// A decision tree of a random forest: thresholds on single features, class frequencies at the
// leaves.
import Autograd

/// Source: Breiman, Friedman, Olshen, Stone 1984, Classification and Regression Trees.
public struct DecisionTree: Sendable, Equatable {
  /// The feature of each node; -1 at a leaf.
  package private(set) var feature: [Int32] = []
  /// Rows with at most this value go left.
  package private(set) var threshold: [Float] = []
  package private(set) var left: [Int32] = []
  package private(set) var right: [Int32] = []
  /// `[nodes, classes]`: the class frequencies of the training rows that reached the node.
  package private(set) var shares: [Float] = []
  public let classes: Int

  init(classes: Int) { self.classes = classes }

  /// A tree of a single leaf, for all rows.
  package init(
    growing examples: Examples, owners: [Int], classes: Int, tried: Int, depth: Int,
    random: Generator = Generator(seed: 0)
  ) {
    var growth = TreeGrowth(
      columns: examples.columns, rows: examples.rows, features: examples.features,
      targets: owners, classes: classes, tried: tried, depth: depth, random: random)
    self = growth.grow(Array(0..<examples.rows))
  }

  /// Restores a saved tree. Throws if the parts are not a tree over `features` features.
  package init(
    feature: [Int32], threshold: [Float], left: [Int32], right: [Int32], shares: [Float],
    classes: Int, features: Int
  ) throws(ClassicError) {
    let nodes = feature.count
    guard nodes > 0, [threshold.count, left.count, right.count].allSatisfy({ $0 == nodes }),
      shares.count == nodes * classes
    else { throw ClassicError("a tree whose parts differ in length; expected \(nodes) nodes") }
    for node in 0..<nodes where feature[node] >= 0 {
      // Children have larger indices than their parent, so every walk ends.
      let children = [Int(left[node]), Int(right[node])]
      guard feature[node] < features, children.allSatisfy({ $0 > node && $0 < nodes }) else {
        throw ClassicError("node \(node) of a tree leads nowhere; expected later nodes")
      }
    }
    (self.feature, self.threshold, self.left, self.right) = (feature, threshold, left, right)
    (self.shares, self.classes) = (shares, classes)
  }

  public var nodes: Int { feature.count }

  /// The class frequencies at the leaf of a row, `[classes]`.
  public func shares(of row: ArraySlice<Float>) -> ArraySlice<Float> {
    var node = 0
    while feature[node] >= 0 {
      let value = row[row.startIndex + Int(feature[node])]
      node = Int(value <= threshold[node] ? left[node] : right[node])
    }
    return shares[node * classes..<(node + 1) * classes]
  }

  /// Adds a leaf and returns its index.
  mutating func addLeaf(_ counts: [Int]) -> Int {
    let total = Float(max(counts.reduce(0, +), 1))
    feature.append(-1)
    threshold.append(0)
    left.append(0)
    right.append(0)
    shares += counts.map { Float($0) / total }
    return nodes - 1
  }

  mutating func split(_ node: Int, _ question: TreeGrowth.Question, left: Int, right: Int) {
    feature[node] = Int32(question.feature)
    threshold[node] = question.threshold
    self.left[node] = Int32(left)
    self.right[node] = Int32(right)
  }
}
