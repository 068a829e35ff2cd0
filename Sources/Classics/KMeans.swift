// k-means clustering, which initializes mixtures.
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
        if !own.isEmpty { centers[index] = Self.mean(examples, own) }
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

  private static func mean(_ examples: Examples, _ rows: [Int]) -> [Double] {
    var sums = [Double](repeating: 0, count: examples.features)
    for row in rows {
      for (feature, value) in examples[row].enumerated() { sums[feature] += Double(value) }
    }
    return sums.map { $0 / Double(rows.count) }
  }
}
