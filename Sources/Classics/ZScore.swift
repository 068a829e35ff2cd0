// Standardization of features with the statistics of the training rows.

/// (x − mean) / σ for every feature; a constant feature becomes 0.
public struct ZScore: Sendable, Equatable {
  /// `[features]`.
  public let mean, deviation: [Float]

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
    // A variation that is only rounding counts as none.
    deviation = zip(squares, means).map { square, mean in
      let deviation = (square / rows).squareRoot()
      return deviation > 1e-6 * abs(mean) ? Float(deviation) : 0
    }
  }

  public init(mean: [Float], deviation: [Float]) throws(ClassicError) {
    guard mean.count == deviation.count, !mean.isEmpty else {
      throw ClassicError("\(deviation.count) deviations; expected one a mean, \(mean.count)")
    }
    self.mean = mean
    self.deviation = deviation
  }

  public func callAsFunction(_ examples: Examples) -> Examples {
    precondition(examples.features == mean.count, "features as in the fitted rows")
    let factors = deviation.map { $0 > 0 ? 1 / $0 : 0 }
    let width = examples.features
    let values = examples.values.enumerated().map { index, value in
      (value - mean[index % width]) * factors[index % width]
    }
    return Examples(finite: values, features: width)
  }
}
