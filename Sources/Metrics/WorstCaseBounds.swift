/// Worst-case bounds of a metric: its smallest and largest value over all values of the missing
/// labels.
///
/// ```swift
/// let labelled = try LabelledScores(
///   scores: [[0.9], [0.4], [0.1]], targets: [[1], [0], [0]],
///   observed: [[true], [false], [true]])
/// let range = WorstCaseBounds(labelled)?.ranges[.f1Macro]
/// ```
///
/// The bounds make no assumption about why labels are missing, so they are wide if many are. Manski
/// 2003 (Partial Identification of Probability Distributions, Springer, ch. 1) gives such bounds
/// for a mean; here they are derived for each metric. Classes are independent, so a macro mean
/// takes the extreme of each class. A class that may or may not have a positive is counted if that
/// widens the bounds.
///
/// The bounds are exact for F1 and ROC-AUC. For average precision they are exact unless a missing
/// entry shares its score with another entry; then the bounds may be a little too narrow.
public struct WorstCaseBounds: Sendable, Equatable {
  /// The bounds of `f1-macro`, `f1-macro-both`, `f1-micro`, `ap-macro`, `ap-micro` and
  /// `roc-auc-macro`. A metric that is undefined for all values of the missing labels is absent.
  public let ranges: [Metric: ClosedRange<Double>]

  /// Computes the bounds in O(n log n).
  ///
  /// - Parameters:
  ///   - labelled: The scores, targets and observed entries.
  ///   - threshold: The decision threshold for F1.
  /// - Returns: nil if no label is missing, or if a score is not finite.
  public init?(_ labelled: LabelledScores, threshold: Float = 0.5) {
    guard labelled.scored < labelled.entries, labelled.scores.allSatisfy(\.isFinite) else {
      return nil
    }
    let classes = (0..<labelled.classes).map { labelled.entries(of: $0) }
    let decisions = classes.map { DecisionBounds($0, threshold: threshold) }
    let rankings = classes.map { RankingBounds($0) }
    let all = classes.flatMap { $0 }
    var found: [Metric: ClosedRange<Double>] = [:]
    found[.f1Macro] = Extremes.mean(decisions.map(\.f1))
    found[.f1MacroBoth] = Extremes.mean(decisions.map(\.f1Both))
    found[.f1Micro] = DecisionBounds(all, threshold: threshold).f1?.range
    found[.apMacro] = Extremes.mean(rankings.map(\.averagePrecision))
    found[.apMicro] = RankingBounds(all).averagePrecision?.range
    found[.rocAUCMacro] = Extremes.mean(rankings.map(\.roc))
    ranges = found
  }
}

/// A score and its label; nil for a missing label.
typealias OpenEntry = (score: Float, isPositive: Bool?)

extension LabelledScores {
  /// The entries of a class, in the order of the clips.
  fileprivate func entries(of column: Int) -> [OpenEntry] {
    stride(from: column, to: scores.count, by: classes).map { i in
      (scores[i], observed[i] ? targets[i] >= 0.5 : nil)
    }
  }
}

/// The smallest and largest value of a quantity that may be undefined for some labels.
struct Extremes: Sendable, Equatable {
  private(set) var low, high: Double
  var mayBeUndefined: Bool
  var range: ClosedRange<Double> { low...high }

  /// nil if no value is defined.
  init?(_ values: [Double?]) {
    let defined = values.compactMap { $0 }
    guard let low = defined.min(), let high = defined.max() else { return nil }
    (self.low, self.high, mayBeUndefined) = (low, high, defined.count < values.count)
  }

  /// The extremes of the mean over classes. A class that may be undefined is left out if that makes
  /// the mean smaller, or larger. nil if no class is ever defined.
  static func mean(_ parts: [Extremes?]) -> ClosedRange<Double>? {
    let defined = parts.compactMap { $0 }
    guard !defined.isEmpty else { return nil }
    let low = -largestMean(defined.map { (-$0.low, $0.mayBeUndefined) })
    return low...max(low, largestMean(defined.map { ($0.high, $0.mayBeUndefined) }))
  }

  /// Optional values are added, the largest first, as long as they raise the mean.
  private static func largestMean(_ values: [(value: Double, isOptional: Bool)]) -> Double {
    let fixed = values.filter { !$0.isOptional }.map(\.value)
    var (sum, count) = (fixed.reduce(0, +), fixed.count)
    for (value, _) in values.filter(\.isOptional).sorted(by: { $0.value > $1.value })
    where count == 0 || value > sum / Double(count) {
      sum += value
      count += 1
    }
    return sum / Double(count)
  }
}
