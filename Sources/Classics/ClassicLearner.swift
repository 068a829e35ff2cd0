// A classic learner and its settings, which can be fitted to rows.
import Autograd

/// The four families of learners with their settings, and a tree of them. Features are standardized
/// with the statistics of the training rows.
public indirect enum ClassicLearner: Sendable, Equatable {
  case supportVectors(SupportVectorMachine.Settings)
  case nearest(neighbors: Int)
  case forest(RandomForest.Settings)
  case mixture(GaussianMixture.Settings, seed: Int)
  /// A hierarchical classifier over a clustered tree of classes, with another family at every node,
  /// on the features selected for that node (0: all). Every row has exactly one class.
  case tree(ClassicLearner, selected: Int)

  /// Throws if the rows or settings do not fit.
  public func fit(
    _ examples: Examples, _ labels: ClassicLabels
  ) throws(ClassicError) -> ScaledModel {
    let scale = ZScore(fitting: examples)
    let scaled = scale(examples)
    let model: any ClassicModel =
      switch self {
      case .supportVectors(let settings):
        try SupportVectorMachine(fitting: scaled, labels, settings)
      case .nearest(let neighbors):
        try NearestNeighbors(fitting: scaled, labels, neighbors: neighbors)
      case .forest(let settings): try RandomForest(fitting: scaled, labels, settings)
      case .mixture(let settings, let seed):
        try MixtureClassifier(fitting: scaled, labels, settings, seed: seed)
      case .tree(let learner, let selected):
        try Self.tree(scaled, labels, learner, selected)
      }
    return ScaledModel(scale: scale, model: model)
  }

  private static func tree(
    _ examples: Examples, _ labels: ClassicLabels, _ learner: ClassicLearner, _ selected: Int
  ) throws(ClassicError) -> HierarchicalModel<SelectedModel> {
    guard let owners = labels.classOfRows, labels.classes > 1 else {
      throw ClassicError("a row with no or several classes; expected exactly one")
    }
    let tree = ClassTree.clustered(examples, owners: owners, classes: labels.classes)
    return try HierarchicalModel(fitting: examples, labels, tree) {
      rows, labels throws(ClassicError) in
      try SelectedModel(fitting: rows, labels, learner, selected: selected)
    }
  }
}

/// A fitted model with its z-score. It takes raw features.
public struct ScaledModel: ClassicModel {
  public let scale: ZScore
  public let model: any ClassicModel

  public var classes: Int { model.classes }
  public func scores(_ examples: Examples) -> [Float] { model.scores(scale(examples)) }
  public func decisions(_ examples: Examples) -> [Int] { model.decisions(scale(examples)) }
}

/// A fitted, immutable model.
public protocol ClassicModel: Sendable {
  var classes: Int { get }
  /// Scores `[rows, classes]` in 0...1, larger for a more likely class. 0.5 is the model's own
  /// decision threshold for a class. Each model documents its scores.
  func scores(_ examples: Examples) -> [Float]
}

extension ClassicModel {
  /// The highest-scored class of every row; the first one of tied classes.
  public func decisions(_ examples: Examples) -> [Int] {
    let scores = scores(examples)
    return (0..<examples.rows).map { row in
      var best = 0
      for index in 1..<max(classes, 1)
      where scores[row * classes + index] > scores[row * classes + best] { best = index }
      return best
    }
  }
}

/// The checks of every learner before it starts.
func checkFit(_ examples: Examples, _ labels: ClassicLabels) throws(ClassicError) {
  guard examples.rows == labels.rows, examples.rows > 0 else {
    throw ClassicError(
      "\(examples.rows) rows and \(labels.rows) rows of labels; expected the same number above 0"
    )
  }
}

/// Maps 0..<count in parallel on the shared thread pool. The results are in order.
func parallelMap<Value: Sendable>(
  _ count: Int, _ body: @Sendable (Int) -> Value
) -> [Value] {
  [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
    guard let base = buffer.baseAddress else { return }
    let slots = Slots(base: base)
    ThreadPool.shared.parallel(count) { (slots.base + $0).initialize(to: body($0)) }
    initialized = count
  }
}

/// Memory that the iterations of a parallel loop fill.
/// Safe: each iteration writes only its own part, and nobody reads it before the loop has ended.
struct Slots<Value>: @unchecked Sendable { let base: UnsafeMutablePointer<Value> }
