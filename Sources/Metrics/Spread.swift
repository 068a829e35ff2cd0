/// Mean and sample standard deviation of a few values: a cell of a results table.
public struct Spread: Sendable, Equatable {
  public let mean: Double
  /// Sample standard deviation (n − 1 below); `nil` for a single value.
  public let deviation: Double?
  public let count: Int

  /// `nil` for no values.
  public init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    deviation = values.count < 2 ? nil : (squares / Double(values.count - 1)).squareRoot()
    count = values.count
  }
}
