// Class labels of rows. A missing label is nil, never 0.

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
