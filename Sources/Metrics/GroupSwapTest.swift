/// A paired test of whether two methods differ on the same clips, by swapping them in whole groups.
///
/// ```swift
/// let labels: ([[Float]]) throws -> LabelledScores = { scores in
///   try LabelledScores(
///     scores: scores, targets: [[1], [0], [1]], observed: [[true], [true], [true]])
/// }
/// let decisions = try GroupedDecisions(
///   [labels([[0.9], [0.2], [0.8]]), labels([[0.9], [0.7], [0.1]])], groups: ["a", "b", "c"])
/// let pValue = GroupSwapTest(decisions, 0, 1)?.pValue
/// ```
///
/// If the methods do not differ, it does not matter which of the two answered for a group. The test
/// swaps the answers of random groups and counts how often the difference of the headline metric is
/// at least as large as the one that was found. Unlike a bootstrap test it needs no large number of
/// groups: under that hypothesis its error rate is right for five groups as for five hundred. All
/// swaps are tried where they are few. Sources: Yeh 2000, doi:10.3115/992730.992783; Phipson &
/// Smyth 2010, doi:10.2202/1544-6115.1585, for the added one in the p-value.
public struct GroupSwapTest: Sendable, Equatable {
  /// The headline metric of the first method minus that of the second.
  public let difference: Double
  /// The two-sided p-value.
  public let pValue: Double
  /// Groups in which the methods decide differently.
  public let differingGroups: Int

  /// Tests method `a` against method `b`.
  ///
  /// - Parameters:
  ///   - decisions: The methods' decisions.
  ///   - a: The index of one method.
  ///   - b: The index of the other method.
  ///   - draws: The number of random swaps, above 0.
  ///   - seed: Their seed.
  /// - Returns: nil if the headline metric is undefined.
  public init?(
    _ decisions: GroupedDecisions, _ a: Int, _ b: Int, draws: Int = 4999, seed: UInt64 = 0
  ) {
    var pair = SwappedPair(decisions, a, b)
    guard let found = pair.difference else { return nil }
    difference = found
    differingGroups = pair.groups
    // Differences within rounding of the one that was found count as equal to it.
    let bar = abs(found) - 1e-12
    let isFew = pair.groups < 63 && 1 << pair.groups <= draws + 1
    pValue =
      pair.groups == 0
      ? 1 : isFew ? Self.exact(&pair, bar) : Self.sampled(&pair, bar, draws, seed)
  }

  /// Of all swaps.
  private static func exact(_ pair: inout SwappedPair, _ bar: Double) -> Double {
    let extreme = (0..<UInt64(1) << UInt64(pair.groups)).count { pattern in
      var pattern = pattern
      return pair.swapped { _ in
        defer { pattern >>= 1 }
        return pattern & 1 == 1
      } >= bar
    }
    return Double(extreme) / Double(1 << pair.groups)
  }

  private static func sampled(
    _ pair: inout SwappedPair, _ bar: Double, _ draws: Int, _ seed: UInt64
  ) -> Double {
    var stream = SplitMix(state: seed)
    let extreme = (0..<draws).count { _ in
      var (bits, left): (UInt64, Int) = (0, 0)
      return pair.swapped { _ in
        if left == 0 { (bits, left) = (stream.next(), 64) }
        defer { (bits, left) = (bits >> 1, left - 1) }
        return bits & 1 == 1
      } >= bar
    }
    return Double(extreme + 1) / Double(draws + 1)
  }
}

/// Two methods, and in which groups their counts differ.
private struct SwappedPair {
  /// Columns 2·classes of the counts that differ, group after group.
  private var columns: [Int] = []
  private var changes: [Int32] = []
  /// Where each differing group starts in `columns`.
  private var starts: [Int] = []
  private let a, b: DecisionSums
  private var moved: [Int32]

  var groups: Int { starts.count }

  init(_ decisions: GroupedDecisions, _ first: Int, _ second: Int) {
    let (classes, width) = (decisions.classes, decisions.width)
    let total = decisions.total
    func alone(_ method: Int) -> DecisionSums {
      let own = (2 + 2 * method) * classes
      return DecisionSums(
        counts: Array(total.counts[..<(2 * classes)])
          + Array(total.counts[own..<own + 2 * classes]),
        classes: classes, metric: decisions.metric)
    }
    (a, b) = (alone(first), alone(second))
    moved = [Int32](repeating: 0, count: 2 * classes)
    for group in 0..<decisions.groups {
      let row = group * width + 2 * classes
      let start = columns.count
      for column in 0..<2 * classes {
        let change =
          decisions.counts[row + 2 * classes * first + column]
          - decisions.counts[row + 2 * classes * second + column]
        guard change != 0 else { continue }
        columns.append(column)
        changes.append(change)
      }
      if columns.count > start { starts.append(start) }
    }
  }

  var difference: Double? {
    guard let first = a.value(of: 0), let second = b.value(of: 0) else { return nil }
    return first - second
  }

  /// The absolute difference after swapping the groups that `isSwapped` chooses.
  mutating func swapped(_ isSwapped: (Int) -> Bool) -> Double {
    for i in moved.indices { moved[i] = 0 }
    for (group, start) in starts.enumerated() where isSwapped(group) {
      let end = group + 1 < starts.count ? starts[group + 1] : columns.count
      for i in start..<end { moved[columns[i]] += changes[i] }
    }
    var (first, second) = (a, b)
    let base = moved.count
    for (i, change) in moved.enumerated() {
      first.counts[base + i] -= change
      second.counts[base + i] += change
    }
    return abs((first.value(of: 0) ?? 0) - (second.value(of: 0) ?? 0))
  }
}

/// p-values corrected for the number of comparisons.
public enum HolmCorrection {
  /// The adjusted p-values, in the order of `pValues`. Rejecting those of at most α keeps the
  /// chance of one false rejection or more at α. Source: Holm 1979, Scandinavian Journal of
  /// Statistics 6:65.
  public static func adjusted(_ pValues: [Double]) -> [Double] {
    var adjusted = pValues
    var largest = 0.0
    let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    for (rank, index) in order.enumerated() {
      largest = max(largest, min(1, pValues[index] * Double(pValues.count - rank)))
      adjusted[index] = largest
    }
    return adjusted
  }
}
