import Foundation

/// Confidence intervals of several methods over groups of clips, such as recordings.
///
/// ```swift
/// let labelled = try LabelledScores(
///   scores: [[0.9], [0.2], [0.8]], targets: [[1], [0], [1]],
///   observed: [[true], [true], [true]])
/// let decisions = try GroupedDecisions([labelled], groups: ["a", "b", "b"])
/// let bootstrap = GroupBootstrap(decisions, draws: 1000)
/// let interval = bootstrap.interval(of: 0)
/// ```
///
/// Each resample draws as many groups as there are, with replacement. All clips of a group come
/// along, and all methods are scored on the same resample, so their differences are paired. A class
/// that a resample lacks keeps its F1 of all groups: a mean without rare classes would be higher.
///
/// Percentile intervals of few groups are too narrow. They are widened as Hesterberg 2015, §4.2,
/// doi:10.1080/00031305.2015.1089789, does: the percentiles are those of a normal distribution at
/// the quantile of Student's t with n − 1 degrees of freedom times √(n / (n − 1)). Where no group
/// shows an error, resampling shows none either; then the lower bound is that of n groups without
/// an error, ((1 − level) / 2)^(1/n) (Clopper & Pearson 1934).
///
/// The intervals describe other groups of clips, not other training runs.
public struct GroupBootstrap: Sendable {
  /// The confidence level.
  public let level: Double
  /// The number of groups.
  public let groups: Int
  /// The headline metric of each resample, `[methods][draws]`; nil where undefined.
  public let draws: [[Double?]]
  /// F1 of the positives of each resample, `[methods][classes][draws]`; nil where undefined.
  public let classDraws: [[[Double?]]]
  private let values: [Double?]
  private let f1: [[Double?]]
  private let groupsWithPositives: [Int]

  /// Draws the resamples. The same decisions, draws and seed give the same intervals.
  ///
  /// - Parameters:
  ///   - decisions: The methods' decisions.
  ///   - draws: The number of resamples, above 0.
  ///   - level: The confidence level, between 0 and 1.
  ///   - seed: The seed of the resamples.
  public init(
    _ decisions: GroupedDecisions, draws: Int = 1000, level: Double = 0.95, seed: UInt64 = 0
  ) {
    precondition(draws > 0 && level > 0 && level < 1, "draws above 0, a level between 0 and 1")
    (self.level, groups) = (level, decisions.groups)
    (values, f1) = (decisions.values, decisions.f1)
    groupsWithPositives = decisions.groupsWithPositives
    let (methods, classes) = (decisions.methods, decisions.classes)
    var drawn = [[Double?]](repeating: [], count: methods)
    var ofClass = [[[Double?]]](
      repeating: Array(repeating: [], count: classes), count: methods)
    var stream = SplitMix(state: seed)
    let whole = decisions.total
    for _ in 0..<(decisions.groups > 0 ? draws : 0) {
      var weights = [Int32](repeating: 0, count: decisions.groups)
      for _ in 0..<decisions.groups { weights[stream.below(decisions.groups)] += 1 }
      let sums = decisions.sums(weights)
      for m in 0..<methods {
        drawn[m].append(sums.value(of: m, whole: whole))
        for c in 0..<classes { ofClass[m][c].append(sums.confusion(m, c).f1) }
      }
    }
    (self.draws, classDraws) = (drawn, ofClass)
  }

  /// A method's headline metric on all groups; nil where it is undefined.
  public func value(of method: Int) -> Double? { values[method] }

  /// The interval of a method's headline metric; nil where it is undefined.
  public func interval(of method: Int) -> ConfidenceInterval? {
    values[method].flatMap { interval(of: draws[method], around: $0, units: groups) }
  }

  /// The interval of F1 of a class. Its units are the groups with a positive: others cannot show
  /// that the class is missed.
  public func interval(of method: Int, class c: Int) -> ConfidenceInterval? {
    f1[method][c].flatMap {
      interval(of: classDraws[method][c], around: $0, units: groupsWithPositives[c])
    }
  }

  /// The interval of the difference of two methods, `a` − `b`, in the headline metric.
  public func difference(_ a: Int, _ b: Int) -> ConfidenceInterval? {
    interval(ofDraws: paired(a, b), units: groups)
  }

  /// The smallest difference of two methods that a test at `1 − level` finds in 80 % of cases,
  /// before any correction for several comparisons: the standard error of the paired difference,
  /// times the quantiles of Student's t at `level` and at the power. Nil if it cannot be computed.
  public func smallestDifference(_ a: Int, _ b: Int, power: Double = 0.8) -> Double? {
    guard groups > 1, let error = Spread(paired(a, b))?.std, error > 0 else { return nil }
    let degrees = Double(groups - 1)
    let needed =
      StudentT.quantile(twoSided: 1 - level, degrees: degrees)
      + StudentT.quantile(twoSided: 2 * (1 - power), degrees: degrees)
    return needed * error
  }

  /// The interval of any quantity computed once a resample, such as a forecast.
  ///
  /// - Parameters:
  ///   - draws: Its values; undefined ones are left out.
  ///   - units: The independent parts of the data, such as groups.
  public func interval(ofDraws draws: [Double], units: Int) -> ConfidenceInterval? {
    let sorted = draws.filter(\.isFinite).sorted()
    guard !sorted.isEmpty, units > 1 else { return nil }
    let tail = Self.tail(level, units: units)
    return ConfidenceInterval(
      low: quantile(sorted, tail), high: quantile(sorted, 1 - tail), draws: sorted.count)
  }

  private func paired(_ a: Int, _ b: Int) -> [Double] {
    zip(draws[a], draws[b]).compactMap { a, b in
      guard let a, let b else { return nil }
      return a - b
    }
  }

  /// Of a share or an F1. Its bounds are those of units without an error, or without a success,
  /// where the resamples cannot know better.
  private func interval(
    of draws: [Double?], around value: Double, units: Int
  ) -> ConfidenceInterval? {
    guard units > 0 else { return nil }
    let flawless = pow((1 - level) / 2, 1 / Double(units))
    guard let found = interval(ofDraws: draws.compactMap { $0 }, units: units) else {
      return ConfidenceInterval(low: 0, high: 1, draws: draws.count { $0 != nil })
    }
    return ConfidenceInterval(
      low: min(found.low, value, flawless), high: max(found.high, value, 1 - flawless),
      draws: found.draws)
  }

  /// The share of the resamples that is cut off on each side.
  static func tail(_ level: Double, units: Int) -> Double {
    let n = Double(units)
    let t = StudentT.quantile(twoSided: 1 - level, degrees: n - 1)
    return 0.5 * erfc((n / (n - 1)).squareRoot() * t / 2.0.squareRoot())
  }
}
