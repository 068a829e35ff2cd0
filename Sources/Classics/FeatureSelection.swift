// Sequential forward feature selection.

/// Sequential forward selection by class separability, the trace of S_w⁻¹ S_b: the scatter between
/// classes relative to the scatter within classes.
/// Source: Burred, Lerch 2004, JAES 52:724; the criterion: Fukunaga 1990, Introduction to
/// Statistical Pattern Recognition, §10.2.
struct FeatureSelection {
  /// The selected features, the most separating one first.
  let features: [Int]

  /// Added to the diagonal of S_w, in units of the variance of a z-scored feature, so that
  /// redundant features keep it invertible.
  private static let ridge = 1e-3

  /// `owners` is the class of each row. Selects all features if there are at most `count`.
  init(_ examples: Examples, owners: [Int], classes: Int, count: Int) {
    guard count < examples.features else {
      features = Array(0..<examples.features)
      return
    }
    let scatter = Scatter(examples, owners, classes, ridge: Self.ridge)
    var chosen: [Int] = []
    var left = Array(0..<examples.features)
    while chosen.count < count {
      let found = left.map { scatter.separability(chosen + [$0]) }
      var best = 0
      for place in found.indices where found[place] > found[best] { best = place }
      chosen.append(left.remove(at: best))
    }
    features = chosen
  }
}

/// The scatter within classes and between class means.
private struct Scatter {
  private let width: Int
  /// `[width, width]`, both divided by the number of rows.
  private var within, between: [Double]

  init(_ examples: Examples, _ owners: [Int], _ classes: Int, ridge: Double) {
    width = examples.features
    within = [Double](repeating: 0, count: width * width)
    between = within
    let rows = Double(max(1, examples.rows))
    let all = examples.mean(of: Array(0..<examples.rows))
    for index in 0..<classes {
      let members = owners.indices.filter { owners[$0] == index }
      let mean = examples.mean(of: members)
      let shift = zip(mean, all).map { $0 - $1 }
      Self.add(shift, times: Double(members.count) / rows, to: &between)
      for row in members {
        Self.add(zip(examples[row], mean).map { Double($0) - $1 }, times: 1 / rows, to: &within)
      }
    }
    for feature in 0..<width { within[feature * (width + 1)] += ridge }
  }

  /// The outer product of a row with itself.
  private static func add(_ row: [Double], times factor: Double, to matrix: inout [Double]) {
    for a in row.indices {
      let scaled = factor * row[a]
      for b in row.indices { matrix[a * row.count + b] += scaled * row[b] }
    }
  }

  /// tr(S_w⁻¹ S_b) for these features: with S_w = L Lᵀ it is the trace of L⁻¹ S_b L⁻ᵀ.
  func separability(_ features: [Int]) -> Double {
    let size = features.count
    let lower = features.indices.flatMap { a in
      features[...a].map { within[features[a] * width + $0] }
    }
    let factor = Gaussian.cholesky(lower, size)
    // Solves the columns of S_b, then those of its transpose, against L.
    let part = features.flatMap { a in features.map { between[a * width + $0] } }
    let half = Self.solved(part, factor, size)
    let whole = Self.solved(Self.transposed(half, size), factor, size)
    return (0..<size).reduce(0) { $0 + whole[$1 * (size + 1)] }
  }

  /// L⁻¹ M by forward substitution, for the lower triangle L by rows.
  private static func solved(_ matrix: [Double], _ factor: [Double], _ size: Int) -> [Double] {
    var result = matrix
    for a in 0..<size {
      let row = a * (a + 1) / 2
      for column in 0..<size {
        var sum = result[a * size + column]
        for b in 0..<a { sum -= factor[row + b] * result[b * size + column] }
        result[a * size + column] = sum / factor[row + a]
      }
    }
    return result
  }

  private static func transposed(_ matrix: [Double], _ size: Int) -> [Double] {
    (0..<size).flatMap { a in (0..<size).map { matrix[$0 * size + a] } }
  }
}

/// The model of a node of a tree of classes.
public struct SelectedModel: ClassicModel {
  /// The features that it uses, in the order of their selection.
  public let features: [Int]
  public let model: ScaledModel

  public var classes: Int { model.classes }

  public func scores(_ examples: Examples) -> [Float] {
    model.scores(examples.choosing(features: features))
  }

  public func decisions(_ examples: Examples) -> [Int] {
    model.decisions(examples.choosing(features: features))
  }

  /// `selected` is the number of features; 0 for all. Every row has exactly one class.
  init(
    fitting examples: Examples, _ labels: ClassicLabels, _ learner: ClassicLearner, selected: Int
  ) throws(ClassicError) {
    features =
      FeatureSelection(
        ZScore(fitting: examples)(examples), owners: labels.classOfRows ?? [],
        classes: labels.classes, count: selected > 0 ? selected : examples.features
      ).features
    model = try learner.fit(examples.choosing(features: features), labels)
  }

  init(features: [Int], model: ScaledModel) {
    (self.features, self.model) = (features, model)
  }
}

extension Examples {
  /// These features of every row, in this order.
  func choosing(features chosen: [Int]) -> Examples {
    guard chosen != Array(0..<features) else { return self }
    var values: [Float] = []
    values.reserveCapacity(rows * chosen.count)
    for row in 0..<rows {
      let own = self[row]
      for feature in chosen { values.append(own[own.startIndex + feature]) }
    }
    return Examples(finite: values, features: max(chosen.count, 1))
  }
}
