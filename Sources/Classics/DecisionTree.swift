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

/// Greedy splits by the Gini impurity, among a random subset of features at each node.
struct TreeGrowth {
  struct Question {
    let feature: Int
    let threshold: Float
    /// Σ over both sides of Σ counts² / rows; larger is purer.
    let purity: Double
  }

  /// `[features, rows]`: the values of a feature are contiguous.
  let columns: [Float]
  let rows: Int
  let features: Int
  let targets: [Int]
  let classes: Int
  /// The number of features tried per node, without constant ones.
  let tried: Int
  let depth: Int
  var random: Generator

  private struct Task {
    let node: Int
    let rows: [Int]
    let depth: Int
  }

  /// A tree of these rows; a row may occur more than once.
  mutating func grow(_ chosen: [Int]) -> DecisionTree {
    var tree = DecisionTree(classes: classes)
    var tasks = [Task(node: tree.addLeaf(counts(chosen)), rows: chosen, depth: 0)]
    while let task = tasks.popLast() {
      guard task.depth < depth, let question = question(task.rows) else { continue }
      let start = question.feature * rows
      let low = task.rows.filter { columns[start + $0] <= question.threshold }
      let high = task.rows.filter { columns[start + $0] > question.threshold }
      let left = tree.addLeaf(counts(low))
      let right = tree.addLeaf(counts(high))
      tree.split(task.node, question, left: left, right: right)
      tasks.append(Task(node: right, rows: high, depth: task.depth + 1))
      tasks.append(Task(node: left, rows: low, depth: task.depth + 1))
    }
    return tree
  }

  private func counts(_ chosen: [Int]) -> [Int] {
    var counts = [Int](repeating: 0, count: classes)
    for row in chosen { counts[targets[row]] += 1 }
    return counts
  }

  /// nil if the node is pure or its rows are identical.
  private mutating func question(_ chosen: [Int]) -> Question? {
    let all = counts(chosen)
    guard chosen.count > 1, !all.contains(chosen.count) else { return nil }
    var order = Array(0..<features)
    var best: Question?
    var seen = 0
    for place in 0..<features where seen < tried {
      order.swapAt(place, place + random.index(below: features - place))
      guard let found = question(chosen, about: order[place], all) else { continue }
      seen += 1
      if found.purity > best?.purity ?? -1 { best = found }
    }
    return best
  }

  /// The best threshold of a feature; nil if the feature is constant.
  private func question(_ chosen: [Int], about feature: Int, _ all: [Int]) -> Question? {
    let sorted = chosen.map { key(columns[feature * rows + $0], targets[$0]) }.sorted()
    guard let first = sorted.first, let last = sorted.last, first >> 32 != last >> 32 else {
      return nil
    }
    var low = [Int](repeating: 0, count: classes)
    // Sums of squared counts, updated by (n + 1)² = n² + 2n + 1.
    var (lowSquares, highSquares) = (0, all.reduce(0) { $0 + $1 * $1 })
    var best = (purity: -1.0, place: 0)
    for place in 0..<sorted.count - 1 {
      let target = Int(sorted[place] & 0xFFFF_FFFF)
      lowSquares += 2 * low[target] + 1
      highSquares -= 2 * (all[target] - low[target]) - 1
      low[target] += 1
      guard sorted[place] >> 32 != sorted[place + 1] >> 32 else { continue }
      let purity =
        Double(lowSquares) / Double(place + 1)
        + Double(highSquares) / Double(sorted.count - place - 1)
      if purity > best.purity { best = (purity, place) }
    }
    let (a, b) = (value(sorted[best.place]), value(sorted[best.place + 1]))
    let middle = a / 2 + b / 2
    return Question(
      feature: feature, threshold: middle >= a && middle < b ? middle : a, purity: best.purity)
  }

  /// Sorts by value, then by class; −0 and 0 are equal.
  private func key(_ value: Float, _ target: Int) -> UInt64 {
    let bits = (value + 0).bitPattern
    let rising = bits >> 31 == 1 ? ~bits : bits | 0x8000_0000
    return UInt64(rising) << 32 | UInt64(target)
  }

  private func value(_ key: UInt64) -> Float {
    let rising = UInt32(key >> 32)
    return Float(bitPattern: rising >> 31 == 1 ? rising & 0x7FFF_FFFF : ~rising)
  }
}
