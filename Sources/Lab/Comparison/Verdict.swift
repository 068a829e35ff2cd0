// What a comparison of methods allows to say, and what it does not.
import Metrics

/// The verdict on several methods that were tested on the same clips.
///
/// Scores have 95 % intervals over groups of clips (`GroupBootstrap`). Two methods differ where
/// swapping their answers group by group says so (`GroupSwapTest`); its p-values are corrected by
/// Holm for all pairs, since the best is chosen after seeing the scores. The test is that and not
/// the overlap of bootstrap intervals because comparisons with scarce labels have few groups, where
/// the bootstrap finds differences that do not exist.
///
/// Intervals and tests speak of other clips. They do not cover that another training of the same
/// method would give another network.
public struct Verdict: Codable, Sendable, Equatable {
  /// The level of all intervals; tests reject at 1 − level.
  public static let level = 0.95
  /// Groups below which no pattern of swaps is rare enough: 2 of 2⁵ is above .05.
  public static let fewestGroups = 6
  /// Smallest differences from here on count as too little data.
  public static let coarse = 0.05

  public let facts: ComparisonFacts
  /// The metric of the scores, `Metric.headline`.
  public let metric: Metric
  public let classes: [String]
  /// Clips that were tested, each counted once, and their groups.
  public let testedClips: Int
  public let testedGroups: Int
  /// Group by group, best first.
  public let rows: [MethodVerdict]
  /// Pairs that were tested.
  public let comparisons: Int
  /// The best answer without listening: its name, and the score; nil where it is undefined.
  public let baseline: Baseline?
  /// The median, over the comparisons with the best, of the smallest difference that would be found
  /// in 80 % of cases before correction; nil without two methods that differ.
  public let smallestDifference: Double?
  /// What the best method can do with each class.
  public let findings: [ClassFinding]
  public let curve: LearningCurve?
  /// What labels bought that came after the comparison before; nil without any.
  public let bought: LabelPurchase?

  /// An answer that does not listen to the clip.
  public struct Baseline: Codable, Sendable, Equatable {
    public let name: String
    public let score: Double
  }

  /// - Parameters:
  ///   - comparison: The predictions; at least one method.
  ///   - draws: Resamples of the intervals.
  ///   - seed: The seed of resamples and swaps.
  /// - Throws: `MetricError` if the methods differ in clips or labels, or a score is not finite.
  public init(_ comparison: Comparison, draws: Int = 1000, seed: UInt64 = 0) throws {
    let rows = comparison.rows
    guard let first = rows.first else {
      throw MetricError.pairing("no method to compare; expected one or more")
    }
    for row in rows where row.clips != first.clips || row.groups != first.groups {
      throw MetricError.pairing(
        "\(row.name) was tested on other clips than \(first.name); expected the same")
    }
    let decisions = try GroupedDecisions(rows.map(\.labelled), groups: first.groups)
    let bootstrap = GroupBootstrap(decisions, draws: draws, level: Self.level, seed: seed)
    let order = MethodOrder(decisions, seconds: rows.map(\.seconds), seed: seed)
    (facts, classes, metric) = (comparison.facts, comparison.classes, decisions.metric)
    (testedClips, testedGroups) = (Set(first.clips).count, decisions.groups)
    self.rows = try order.verdicts(rows, bootstrap)
    comparisons = order.comparisons
    baseline = Self.baseline(decisions, comparison.classes)
    let smallest = self.rows.compactMap { $0.versusBest?.smallestDifference }.sorted()
    smallestDifference = smallest.isEmpty ? nil : smallest[smallest.count / 2]
    let best = order.groups.first?.first ?? 0
    let findings = try ClassFindings(rows[best], best, decisions, bootstrap)
    self.findings = comparison.classes.indices.map { findings.of($0, comparison.classes) }
    curve = try LearningCurve(comparison, isJudged: self.findings.map(\.isJudged), seed: seed)
    let names = self.rows.map(\.name)
    bought = try comparison.earlier.flatMap {
      try LabelPurchase($0, comparison, order: names, seed: seed)
    }
  }

  /// The method with the highest score; nil where no score is defined.
  public var best: MethodVerdict? { rows.first }

  /// The methods that cannot be told apart from the best.
  public var indistinguishable: [MethodVerdict] { rows.dropFirst().filter { $0.group == 0 } }

  private static func baseline(_ decisions: GroupedDecisions, _ classes: [String]) -> Baseline? {
    guard let score = decisions.baseline else { return nil }
    guard decisions.metric == .accuracy else {
      return Baseline(name: "always \"absent\"", score: score)
    }
    let positives = decisions.positives
    let most = positives.indices.max { (positives[$0], $1) < (positives[$1], $0) } ?? 0
    return Baseline(name: "always \"\(classes[most])\"", score: score)
  }
}

/// The methods in order of their scores, and which of them can be told apart.
private struct MethodOrder {
  /// Methods by index: the best of each group first.
  let groups: [[Int]]
  private let tests: [Pair: Test]

  private struct Pair: Hashable {
    let a, b: Int
  }

  private struct Test {
    let p, corrected: Double
  }

  var comparisons: Int { tests.count }

  /// Of equal scores the faster method comes first.
  init(_ decisions: GroupedDecisions, seconds: [Double], seed: UInt64) {
    let values = decisions.values
    let order = values.indices.filter { values[$0] != nil }.sorted {
      let (a, b) = (values[$0] ?? 0, values[$1] ?? 0)
      return a == b ? (seconds[$0], $0) < (seconds[$1], $1) : a > b
    }
    let pairs = order.indices.flatMap { i in order[(i + 1)...].map { Pair(a: order[i], b: $0) } }
    let p = pairs.map { GroupSwapTest(decisions, $0.a, $0.b, seed: seed)?.pValue ?? 1 }
    let corrected = HolmCorrection.adjusted(p)
    let tests = Dictionary(
      uniqueKeysWithValues: pairs.indices.map {
        (pairs[$0], Test(p: p[$0], corrected: corrected[$0]))
      })
    self.tests = tests
    groups = Self.groups(order) { leader, other in
      (tests[Pair(a: leader, b: other)]?.corrected ?? 1) <= 1 - Verdict.level
    }
  }

  /// The best, with all that it cannot be told apart from; then the best of the rest.
  private static func groups(_ order: [Int], _ differ: (Int, Int) -> Bool) -> [[Int]] {
    var (left, groups) = (order, [[Int]]())
    while let leader = left.first {
      groups.append(left.filter { !differ(leader, $0) })
      left = left.filter { differ(leader, $0) }
    }
    return groups
  }

  func verdicts(
    _ rows: [OutOfFoldPredictions], _ bootstrap: GroupBootstrap
  ) throws -> [MethodVerdict] {
    guard let best = groups.first?.first else { return [] }
    return try groups.enumerated().flatMap { group, members in
      try members.compactMap { method -> MethodVerdict? in
        guard let score = bootstrap.value(of: method), let range = bootstrap.interval(of: method)
        else { return nil }
        return MethodVerdict(
          name: rows[method].name, title: rows[method].title, score: score,
          interval: ScoreRange(range),
          averagePrecision: try Metrics.score(rows[method].labelled).values[.apMacro],
          seconds: rows[method].seconds, group: group, isBest: method == best,
          versusBest: comparison(of: best, method, rows, bootstrap))
      }
    }
  }

  private func comparison(
    of best: Int, _ method: Int, _ rows: [OutOfFoldPredictions], _ bootstrap: GroupBootstrap
  ) -> MethodComparison? {
    guard let test = tests[Pair(a: best, b: method)], let high = bootstrap.value(of: best),
      let low = bootstrap.value(of: method)
    else { return nil }
    return MethodComparison(
      difference: low - high, interval: bootstrap.difference(method, best).map(ScoreRange.init),
      p: test.p, corrected: test.corrected,
      smallestDifference: bootstrap.smallestDifference(method, best))
  }
}
