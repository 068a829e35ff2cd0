// A tree of classes by clustering: classes with similar means share a node.

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
      var sums = [Double](repeating: 0, count: examples.features)
      for row in members {
        for (feature, value) in examples[row].enumerated() { sums[feature] += Double(value) }
      }
      tree = .leaf(index)
      rows = Double(members.count)
      mean = sums.map { $0 / Double(max(1, members.count)) }
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
