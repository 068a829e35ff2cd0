// k-means clustering, which initializes mixtures, and k nearest neighbors.
import Autograd

/// k-means++ (Arthur, Vassilvitskii 2007) and Lloyd's iterations.
struct KMeans {
  /// The cluster of every row.
  private(set) var cluster: [Int]
  private let clusters: Int

  init(_ examples: Examples, clusters: Int, random: inout Generator) {
    self.clusters = clusters
    cluster = Array(repeating: 0, count: examples.rows)
    var centers = Self.spread(examples, clusters, &random)
    for _ in 0..<50 {
      let next = (0..<examples.rows).map { Self.nearest(examples[$0], centers) }
      if next == cluster { break }
      cluster = next
      for index in 0..<clusters {
        let own = next.indices.filter { next[$0] == index }
        if !own.isEmpty { centers[index] = examples.mean(of: own) }
      }
    }
  }

  /// 1 for the cluster of a row, 0 for the others, `[rows][clusters]`.
  var responsibilities: [[Double]] {
    cluster.map { own in (0..<clusters).map { $0 == own ? 1 : 0 } }
  }

  /// Draws rows with probability proportional to their squared distance from the rows drawn before.
  private static func spread(
    _ examples: Examples, _ clusters: Int, _ random: inout Generator
  ) -> [[Double]] {
    var centers = [examples[random.index(below: examples.rows)].map { Double($0) }]
    while centers.count < clusters {
      let weights = (0..<examples.rows).map { row in
        centers.map { distance(examples[row], $0) }.min() ?? 0
      }
      var left = random.uniform() * weights.reduce(0, +)
      let drawn = weights.indices.first { index in
        left -= weights[index]
        return left < 0
      }
      centers.append(examples[drawn ?? examples.rows - 1].map { Double($0) })
    }
    return centers
  }

  private static func nearest(_ row: ArraySlice<Float>, _ centers: [[Double]]) -> Int {
    let distances = centers.map { distance(row, $0) }
    return distances.indices.min { distances[$0] < distances[$1] } ?? 0
  }

  private static func distance(_ row: ArraySlice<Float>, _ center: [Double]) -> Double {
    zip(row, center).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
  }
}

/// k nearest neighbors by Euclidean distance; of equally distant rows, the earlier one counts. The
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
    asked.expectFeatures(examples.features)
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
