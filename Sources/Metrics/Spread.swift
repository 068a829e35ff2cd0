/// The mean and sample standard deviation of a few values, such as the scores of several seeds.
public struct Spread: Sendable, Equatable {
  /// The mean.
  public let mean: Double
  /// The sample standard deviation, with denominator n − 1; nil for a single value.
  public let deviation: Double?
  /// The number of values.
  public let count: Int

  /// nil without values.
  public init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    deviation = values.count < 2 ? nil : (squares / Double(values.count - 1)).squareRoot()
    count = values.count
  }
}
