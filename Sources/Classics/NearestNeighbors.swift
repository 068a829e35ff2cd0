// k nearest neighbors.
import Autograd

/// k nearest neighbors by Euclidean distance; of equal distances the earlier row counts. The
/// neighbors of a class are the k nearest rows in which it is observed. Source: Cover & Hart 1967,
/// doi:10.1109/TIT.1967.1053964.
public struct NearestNeighbors: ClassicModel, Equatable {
  public let neighbors: Int
  public let examples: Examples
  public let labels: ClassicLabels

  public var classes: Int { labels.classes }

  /// Throws if there are no rows.
  public init(
    fitting examples: Examples, _ labels: ClassicLabels, neighbors: Int = 5
  ) throws(ClassicError) {
    try checkFit(examples, labels)
    guard neighbors > 0 else { throw ClassicError("\(neighbors) neighbors; expected at least 1") }
    (self.examples, self.labels, self.neighbors) = (examples, labels, neighbors)
  }

  /// The fraction of positive neighbors; 0 if a class was never observed.
  public func scores(_ asked: Examples) -> [Float] {
    precondition(asked.features == examples.features, "features as in the fitted rows")
    return parallelMap(asked.rows) { votes(asked[$0]) }.flatMap { $0 }
  }

  private func votes(_ row: ArraySlice<Float>) -> [Float] {
    let distances = squaredDistances(row)
    let order = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
    return (0..<classes).map { index in
      var (asked, positive) = (0, 0)
      for near in order where asked < neighbors {
        guard let label = labels[near, index] else { continue }
        asked += 1
        positive += label ? 1 : 0
      }
      return asked == 0 ? 0 : Float(positive) / Float(asked)
    }
  }

  /// The distance is computed from differences, which is accurate for close pairs.
  private func squaredDistances(_ row: ArraySlice<Float>) -> [Float] {
    row.withUnsafeBufferPointer { row in
      examples.values.withUnsafeBufferPointer { all in
        (0..<examples.rows).map { index in
          var sum: Float = 0
          for feature in 0..<row.count {
            let difference = row[feature] - all[index * row.count + feature]
            sum += difference * difference
          }
          return sum
        }
      }
    }
  }
}
