// The input of classic learners: one row of features per clip.

/// `[rows, features]`, row-major, every value finite.
public struct Examples: Sendable, Equatable {
  public let rows: Int
  public let features: Int
  public let values: [Float]

  /// Throws if the count is not `rows × features` or a value is not finite.
  public init(_ values: [Float], features: Int) throws(ClassicError) {
    guard features > 0, values.count.isMultiple(of: features) else {
      throw ClassicError("\(values.count) values; expected rows of \(features) features")
    }
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw ClassicError(
        "feature \(bad % features) of row \(bad / features) is \(values[bad]); "
          + "expected a finite number")
    }
    self.init(finite: values, features: features)
  }

  /// For values that are known to be finite and to fill their rows.
  init(finite values: [Float], features: Int) {
    rows = values.count / features
    self.features = features
    self.values = values
  }

  /// One row, `[features]`.
  public subscript(row: Int) -> ArraySlice<Float> {
    values[row * features..<(row + 1) * features]
  }

  /// The mean of these rows, `[features]`; zeros without rows.
  func mean(of rows: [Int]) -> [Double] {
    var sums = [Double](repeating: 0, count: features)
    for row in rows {
      for (feature, value) in self[row].enumerated() { sums[feature] += Double(value) }
    }
    return sums.map { $0 / Double(max(1, rows.count)) }
  }

  /// `[features, rows]`: the values of a feature are contiguous.
  var columns: [Float] {
    var columns = [Float](repeating: 0, count: values.count)
    for row in 0..<rows {
      for feature in 0..<features {
        columns[feature * rows + row] = values[row * features + feature]
      }
    }
    return columns
  }

  /// - Precondition: The rows have as many features as the fitted ones.
  func expectFeatures(_ count: Int) {
    precondition(
      features == count, "\(features) features; expected \(count), as in the fitted rows")
  }

  /// These rows, in this order.
  public func choosing(_ rows: [Int]) -> Examples {
    var chosen: [Float] = []
    chosen.reserveCapacity(rows.count * features)
    for row in rows { chosen += self[row] }
    return Examples(finite: chosen, features: features)
  }
}

/// The reason why a classic learner cannot fit or predict, in one line: what is wrong; what was
/// expected.
public struct ClassicError: Error, Equatable, CustomStringConvertible {
  public let description: String

  package init(_ description: String) { self.description = description }

  /// A saved tensor is missing or has an unexpected shape.
  package init(name: String) {
    self.init("'\(name)' is missing or does not fit; expected a saved classic model")
  }
}

/// The labels of rows.
public struct ClassicLabels: Sendable, Equatable {
  public let rows: Int
  public let classes: Int
  /// `[rows, classes]`, row-major; nil for a missing label.
  public let isPositive: [Bool?]

  /// Throws if the count is not `rows × classes`.
  public init(_ isPositive: [Bool?], classes: Int) throws(ClassicError) {
    guard classes > 0, isPositive.count.isMultiple(of: classes) else {
      throw ClassicError("\(isPositive.count) labels; expected rows of \(classes) classes")
    }
    rows = isPositive.count / classes
    self.classes = classes
    self.isPositive = isPositive
  }

  /// Exactly one class per row. Throws if one is out of range.
  public init(classOf rows: [Int], classes: Int) throws(ClassicError) {
    if let odd = rows.first(where: { !(0..<classes).contains($0) }) {
      throw ClassicError("class \(odd); expected 0 to \(classes - 1)")
    }
    try self.init(
      rows.flatMap { own in (0..<classes).map { $0 == own } }, classes: classes)
  }

  public subscript(row: Int, classIndex: Int) -> Bool? { isPositive[row * classes + classIndex] }

  /// The positive class of every row; nil unless every row has exactly one.
  public var classOfRows: [Int]? {
    var found: [Int] = []
    for row in 0..<rows {
      let own = (0..<classes).filter { self[row, $0] == true }
      guard own.count == 1 else { return nil }
      found.append(own[0])
    }
    return found
  }

  /// The rows in which a class is observed.
  func observed(_ classIndex: Int) -> [Int] {
    (0..<rows).filter { self[$0, classIndex] != nil }
  }

  public func choosing(_ chosen: [Int]) -> ClassicLabels {
    ClassicLabels(
      rows: chosen.count, classes: classes,
      isPositive: chosen.flatMap { isPositive[$0 * classes..<($0 + 1) * classes] })
  }

  private init(rows: Int, classes: Int, isPositive: [Bool?]) {
    (self.rows, self.classes, self.isPositive) = (rows, classes, isPositive)
  }
}

/// (x − mean) / σ for every feature; a constant feature becomes 0.
public struct ZScore: Sendable, Equatable {
  /// `[features]`.
  public let mean, std: [Float]

  /// The statistics of the rows of `examples`; σ has denominator n.
  public init(fitting examples: Examples) {
    let (rows, width) = (Double(max(examples.rows, 1)), examples.features)
    var sums = [Double](repeating: 0, count: width)
    for (index, value) in examples.values.enumerated() { sums[index % width] += Double(value) }
    let means = sums.map { $0 / rows }
    var squares = [Double](repeating: 0, count: width)
    for (index, value) in examples.values.enumerated() {
      let distance = Double(value) - means[index % width]
      squares[index % width] += distance * distance
    }
    mean = means.map { Float($0) }
    // A standard deviation that is only rounding counts as 0.
    std = zip(squares, means).map { square, mean in
      let std = (square / rows).squareRoot()
      return std > 1e-6 * abs(mean) ? Float(std) : 0
    }
  }

  public init(mean: [Float], std: [Float]) throws(ClassicError) {
    guard mean.count == std.count, !mean.isEmpty else {
      throw ClassicError("\(std.count) standard deviations; expected one per mean, \(mean.count)")
    }
    self.mean = mean
    self.std = std
  }

  public func callAsFunction(_ examples: Examples) -> Examples {
    examples.expectFeatures(mean.count)
    let factors = std.map { $0 > 0 ? 1 / $0 : 0 }
    let width = examples.features
    let values = examples.values.enumerated().map { index, value in
      (value - mean[index % width]) * factors[index % width]
    }
    return Examples(finite: values, features: width)
  }
}
