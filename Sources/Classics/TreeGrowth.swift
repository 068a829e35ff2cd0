// Grows decision trees.
import Autograd

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
