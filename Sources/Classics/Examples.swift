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
}

extension ClassicError {
  /// A saved tensor is missing or has an unexpected shape.
  package init(name: String) {
    self.init("'\(name)' is missing or does not fit; expected a saved classic model")
  }
}
