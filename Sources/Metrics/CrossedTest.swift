// Do two methods differ, judged over seeds and classes at once?

/// A paired t-test of differences that are crossed: every seed was scored on every class. Two
/// classes of a seed share a training run, and two seeds of a class share its test clips, so
/// neither rows nor single cells are independent; taking cells as if they were finds differences
/// that are not there. The mean's variance is therefore the two-way cluster-robust one,
/// V = V(seeds) + V(classes) − V(cells), each with its n / (n − 1), and t has min(n) − 1 degrees of
/// freedom: Cameron, Gelbach, Miller 2011, doi:10.1198/jbes.2010.07136. Where noise makes V
/// smaller than one of its two parts, the larger part stands, which errs to the safe side.
/// No resampling is exact here (McCullagh 2000, Bernoulli 6:285; Owen 2007,
/// doi:10.1214/07-AOAS122). What counts as a fair replication in machine learning: Bouthillier et
/// al. 2021, arXiv:2103.03098.
///
/// With one seed it is a t-test over classes and says nothing about other runs; with one
/// difference a seed it is the paired t-test over seeds. Where all differences are the same, t is
/// infinite: then the sign-flip test of the smaller direction answers, 2 of 2ⁿ patterns.
public struct CrossedTest: Sendable, Equatable {
  /// Mean of all differences.
  public let mean: Double
  /// Standard error of that mean.
  public let standardError: Double
  public let degreesOfFreedom: Int
  /// Two-sided.
  public let pValue: Double
  public let seeds, classes: Int

  private struct Cell {
    let seed, column: Int
    let value: Double
  }

  /// `differences[seed][class]`; `nil` where a class is undefined for one of the two methods.
  /// `nil` without two differences in different seeds or classes, or with one that is not finite.
  public init?(_ differences: [[Double?]]) {
    let cells = Self.cells(of: differences)
    guard cells.count > 1, cells.allSatisfy(\.value.isFinite) else { return nil }
    let mean = cells.reduce(0) { $0 + $1.value } / Double(cells.count)
    let bySeed = Self.variance(cells, mean) { $0.seed }
    let byClass = Self.variance(cells, mean) { $0.column }
    var index = 0
    let single = Self.variance(cells, mean) { _ in
      index += 1
      return index
    }
    (seeds, classes) = (bySeed.count, byClass.count)
    let sizes = [seeds, classes].filter { $0 > 1 }
    degreesOfFreedom = (sizes.min() ?? 2) - 1
    let isCrossed = sizes.count == 2
    let both = isCrossed ? bySeed.value + byClass.value - single.value : 0
    let variance = max(both, bySeed.value, byClass.value)
    self.mean = mean
    standardError = variance.squareRoot()
    let scale = cells.reduce(0) { max($0, abs($1.value)) }
    pValue = Self.pValue(mean, standardError, degrees: degreesOfFreedom, scale: scale)
  }

  private static func cells(of differences: [[Double?]]) -> [Cell] {
    differences.enumerated().flatMap { seed, row in
      row.enumerated().compactMap { column, value in
        value.map { Cell(seed: seed, column: column, value: $0) }
      }
    }
  }

  /// A spread of rounding alone, measured by the largest difference, is none.
  private static func pValue(
    _ mean: Double, _ error: Double, degrees: Int, scale: Double
  ) -> Double {
    if abs(mean) <= 1e-12 * scale { return 1 }
    if error <= 1e-12 * scale { return pow2(-degrees) }
    return StudentT.twoSided(mean / error, degrees: Double(degrees))
  }

  /// Of the mean when whole clusters are drawn; 0 for a single one.
  private static func variance(
    _ cells: [Cell], _ mean: Double, by cluster: (Cell) -> Int
  ) -> (value: Double, count: Int) {
    var sums: [Int: Double] = [:]
    for cell in cells { sums[cluster(cell), default: 0] += cell.value - mean }
    let total = sums.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value * $1.value }
    let (n, groups) = (Double(cells.count), Double(sums.count))
    return (groups > 1 ? groups / (groups - 1) * total / (n * n) : 0, sums.count)
  }
}

private func pow2(_ exponent: Int) -> Double {
  Double(sign: .plus, exponent: exponent, significand: 1)
}
