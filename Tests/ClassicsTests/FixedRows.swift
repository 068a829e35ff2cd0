// Rows that a script in another language draws too: SplitMix64 as a counter.
import Classics

enum FixedRows {
  static let features = 6
  static let classes = 4

  /// 90 rows around four centers, class = row mod 4.
  static func train() throws -> (Examples, ClassicLabels) {
    let owners = (0..<90).map { $0 % classes }
    return (try around(owners, seed: 32), try ClassicLabels(classOf: owners, classes: classes))
  }

  /// 12 more, of classes 0, 1, 2, 3, 0, …
  static func asked() throws -> Examples { try around((0..<12).map { $0 % classes }, seed: 33) }

  static func around(
    _ owners: [Int], seed: UInt64, height: Float = 0.8, features: Int = features
  ) throws -> Examples {
    let centers = normal(31, ((owners.max() ?? 0) + 1) * features)
    let noise = normal(seed, owners.count * features)
    let values = noise.indices.map { index in
      height * centers[owners[index / features] * features + index % features] + noise[index]
    }
    return try Examples(values, features: features)
  }

  static func uniform(_ seed: UInt64, at index: Int) -> Float {
    var z = seed &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Float((z ^ (z >> 31)) >> 40) * 0x1p-24
  }

  static func normal(_ seed: UInt64, _ count: Int) -> [Float] {
    (0..<count).map { index in
      let sum = (4 * index..<4 * index + 4).reduce(0) { $0 + Double(uniform(seed, at: $1)) }
      return Float((sum - 2) * 3.0.squareRoot())
    }
  }
}
