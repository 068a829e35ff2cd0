// Random forests.
import Autograd

/// Source: Breiman 2001, doi:10.1023/A:1010933404324, with the choices of scikit-learn: Gini
/// impurity, √features tried per node, a bootstrap sample per tree, and the mean of the class
/// frequencies at the leaves instead of a vote. Each tree has its own random stream, so the result
/// does not depend on threads.
public struct RandomForest: ClassicModel, Equatable {
  public struct Settings: Sendable, Equatable {
    public var trees: Int
    /// The maximum depth; nil until the leaves are pure.
    public var depth: Int?
    public var seed: Int

    public init(trees: Int = 100, depth: Int? = nil, seed: Int = 0) {
      (self.trees, self.depth, self.seed) = (trees, depth, seed)
    }
  }

  public let classes: Int
  /// The number of features of a row.
  public let features: Int
  /// A single forest over all classes if every row has exactly one class. Otherwise a forest with
  /// two outputs (no, yes) per class, grown on the rows in which that class is observed.
  public let forests: [[DecisionTree]]
  private var isShared: Bool { forests.count == 1 && classes > 1 }

  package init(classes: Int, features: Int, forests: [[DecisionTree]]) {
    (self.classes, self.features, self.forests) = (classes, features, forests)
  }

  /// Throws if there are no rows, or if the number of trees is 0.
  public init(
    fitting examples: Examples, _ labels: ClassicLabels, _ settings: Settings = Settings()
  ) throws(ClassicError) {
    try checkFit(examples, labels)
    guard settings.trees > 0, settings.depth ?? 1 > 0 else {
      throw ClassicError("\(settings.trees) trees; expected at least 1, of depth at least 1")
    }
    classes = labels.classes
    features = examples.features
    if let owners = labels.classOfRows, labels.classes > 1 {
      forests = [Self.grow(examples, owners, classes: labels.classes, settings, forest: 0)]
    } else {
      forests = (0..<labels.classes).map { own in
        let rows = labels.observed(own)
        guard !rows.isEmpty else { return [] }
        let targets = rows.map { labels[$0, own] == true ? 1 : 0 }
        return Self.grow(
          examples.choosing(rows), targets, classes: 2, settings, forest: own)
      }
    }
  }

  private static func grow(
    _ examples: Examples, _ targets: [Int], classes: Int, _ settings: Settings, forest: Int
  ) -> [DecisionTree] {
    let (rows, width, columns) = (examples.rows, examples.features, examples.columns)
    let tried = max(1, Int(Double(width).squareRoot()))
    return parallelMap(settings.trees) { tree in
      var growth = TreeGrowth(
        columns: columns, rows: rows, features: width, targets: targets, classes: classes,
        tried: tried, depth: settings.depth ?? .max,
        random: Generator(seed: settings.seed, 0xF0, forest, tree))
      let drawn = (0..<rows).map { _ in growth.random.index(below: rows) }
      return growth.grow(drawn)
    }
  }

  /// The mean class frequencies at the leaves; 0 for a class that was never observed.
  public func scores(_ examples: Examples) -> [Float] {
    examples.expectFeatures(features)
    return parallelMap(examples.rows) { row(examples[$0]) }.flatMap { $0 }
  }

  private func row(_ values: ArraySlice<Float>) -> [Float] {
    guard !isShared else { return Self.mean(forests[0], values, classes) }
    return forests.map { $0.isEmpty ? 0 : Self.mean($0, values, 2)[1] }
  }

  private static func mean(
    _ trees: [DecisionTree], _ values: ArraySlice<Float>, _ outputs: Int
  ) -> [Float] {
    var sums = [Float](repeating: 0, count: outputs)
    for tree in trees {
      for (index, share) in tree.shares(of: values).enumerated() { sums[index] += share }
    }
    return sums.map { $0 / Float(trees.count) }
  }
}
