/// A paired test of whether two methods differ, over seeds and classes at once.
///
/// ```swift
/// // AP of method A minus AP of method B: one row per seed, one column per class.
/// let test = CrossedTest([[0.02, 0.05, 0.01], [0.03, 0.04, 0.02]])
/// let pValue = test?.pValue
/// ```
///
/// The differences are crossed: every seed is scored on every class. Two classes of a seed share a
/// training run, and two seeds of a class share its test clips. Cells are therefore not
/// independent, and a t-test over cells would find differences that do not exist.
///
/// The variance of the mean is the two-way cluster-robust one:
/// V = V(seeds) + V(classes) − V(cells), each with its factor n / (n − 1). The statistic t has
/// min(n) − 1 degrees of freedom. Source: Cameron, Gelbach & Miller 2011,
/// doi:10.1198/jbes.2010.07136. If noise makes V smaller than V(seeds) or V(classes), the larger of
/// these two is used, which is conservative.
///
/// No resampling is exact for crossed data (McCullagh 2000, Bernoulli 6:285; Owen 2007,
/// doi:10.1214/07-AOAS122). For what a fair replication is, see Bouthillier et al. 2021,
/// arXiv:2103.03098.
///
/// With one seed this is a t-test over classes, which says nothing about other runs. With one
/// difference per seed it is the paired t-test over seeds. If all differences are equal, t is
/// infinite, and the p-value is that of the sign-flip test of the smaller direction: 2 of 2ⁿ
/// patterns.
public struct CrossedTest: Sendable, Equatable {
  /// The mean of all differences.
  public let mean: Double
  /// The standard error of the mean.
  public let standardError: Double
  /// The degrees of freedom of t.
  public let degreesOfFreedom: Int
  /// The two-sided p-value.
  public let pValue: Double
  /// The number of seeds with at least one difference.
  public let seeds: Int
  /// The number of classes with at least one difference.
  public let classes: Int

  private struct Cell {
    let seed, column: Int
    let value: Double
  }

  /// Tests differences of scores.
  ///
  /// - Parameter differences: `differences[seed][class]`; nil if the score of a class is undefined
  ///   for one of the methods.
  /// - Returns: nil if there are fewer than two differences, or if one is not finite.
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

  /// The interval of the mean by Student's t, for example at the level 0.95.
  public func interval(level: Double = 0.95) -> ConfidenceInterval {
    let half = StudentT.quantile(twoSided: 1 - level, degrees: degrees) * standardError
    return ConfidenceInterval(low: mean - half, high: mean + half, draws: seeds)
  }

  /// The smallest true mean whose interval at the level would have excluded 0 with the
  /// probability `power`, if the standard error stayed as it is: the sum of two quantiles of t
  /// times the standard error (Bloom 1995, Evaluation Review 19:547).
  public func detectable(power: Double = 0.8, level: Double = 0.95) -> Double {
    let quantiles =
      StudentT.quantile(twoSided: 1 - level, degrees: degrees)
      + StudentT.quantile(twoSided: 2 * (1 - power), degrees: degrees)
    return quantiles * standardError
  }

  private var degrees: Double { Double(degreesOfFreedom) }

  private static func cells(of differences: [[Double?]]) -> [Cell] {
    differences.enumerated().flatMap { seed, row in
      row.enumerated().compactMap { column, value in
        value.map { Cell(seed: seed, column: column, value: $0) }
      }
    }
  }

  /// A standard error that is only rounding, compared with the largest difference, counts as 0.
  private static func pValue(
    _ mean: Double, _ error: Double, degrees: Int, scale: Double
  ) -> Double {
    if abs(mean) <= 1e-12 * scale { return 1 }
    if error <= 1e-12 * scale { return pow2(-degrees) }
    return StudentT.twoSided(mean / error, degrees: Double(degrees))
  }

  /// The variance of the mean if whole clusters are drawn; 0 for a single cluster.
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
