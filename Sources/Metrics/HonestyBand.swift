// How far a score could move if the missing labels were known: what it hides, said beside it.

/// Between which values a metric lies, whatever the missing labels are: the smallest and the
/// largest value over all ways to answer them, from all negative to all positive.
///
/// No assumption is made about why labels are missing, so the band is wide where many are; a score
/// of observed labels alone says nothing about the others. Such worst-case bounds are those of
/// Manski 2003, Partial Identification of Probability Distributions, Springer, ch. 1, for a mean;
/// here they are worked out for each metric. Classes are independent, so a macro mean takes each
/// class at its extreme; a class that may or may not have a positive is counted where it helps.
///
/// Exact for F1 and ROC-AUC. For average precision exact where no missing entry shares its score
/// with another; where scores are equal the band may be a little too narrow.
public struct HonestyBand: Sendable, Equatable {
  /// Of `f1-macro`, `f1-macro-both`, `f1-micro`, `ap-macro`, `ap-micro` and `roc-auc-macro`, where
  /// some answer defines them.
  public let ranges: [Metric: ClosedRange<Double>]

  /// O(n log n). nil where nothing is missing, or a score is not finite.
  public init?(_ labelled: LabelledScores, threshold: Float = 0.5) {
    guard labelled.scored < labelled.entries, labelled.scores.allSatisfy(\.isFinite) else {
      return nil
    }
    let classes = (0..<labelled.classes).map { labelled.entries(of: $0) }
    let decisions = classes.map { DecisionBand($0, threshold: threshold) }
    let rankings = classes.map { RankingBand($0) }
    let all = classes.flatMap { $0 }
    var found: [Metric: ClosedRange<Double>] = [:]
    found[.f1Macro] = Extremes.mean(decisions.map(\.f1))
    found[.f1MacroBoth] = Extremes.mean(decisions.map(\.f1Both))
    found[.f1Micro] = DecisionBand(all, threshold: threshold).f1?.range
    found[.apMacro] = Extremes.mean(rankings.map(\.averagePrecision))
    found[.apMicro] = RankingBand(all).averagePrecision?.range
    found[.rocAUCMacro] = Extremes.mean(rankings.map(\.roc))
    ranges = found
  }
}

/// A score and what is known of its label: nil where it is missing.
typealias OpenEntry = (score: Float, isPositive: Bool?)

extension LabelledScores {
  /// Of one class, in the order of the clips.
  fileprivate func entries(of column: Int) -> [OpenEntry] {
    stride(from: column, to: scores.count, by: classes).map { i in
      (scores[i], observed[i] ? targets[i] >= 0.5 : nil)
    }
  }
}

/// The smallest and largest value of a quantity that may be undefined under some answers.
struct Extremes: Sendable, Equatable {
  private(set) var low, high: Double
  var mayBeUndefined: Bool
  var range: ClosedRange<Double> { low...high }

  /// nil where no value is defined.
  init?(_ values: [Double?]) {
    let defined = values.compactMap { $0 }
    guard let low = defined.min(), let high = defined.max() else { return nil }
    (self.low, self.high, mayBeUndefined) = (low, high, defined.count < values.count)
  }

  /// Of the mean over classes, each at any value of its own; one that may be undefined is left out
  /// where that makes the mean smaller, or larger. nil where no class is ever defined.
  static func mean(_ parts: [Extremes?]) -> ClosedRange<Double>? {
    let defined = parts.compactMap { $0 }
    guard !defined.isEmpty else { return nil }
    let low = -largestMean(defined.map { (-$0.low, $0.mayBeUndefined) })
    return low...max(low, largestMean(defined.map { ($0.high, $0.mayBeUndefined) }))
  }

  /// Optional values join, the largest first, as long as they raise the mean.
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
