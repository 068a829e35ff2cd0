/// All metrics of a set of labelled scores, averaged and per class.
public struct Scores: Sendable, Equatable {
  /// The value of each metric. An undefined metric is absent.
  public let values: [Metric: Double]
  /// The number of classes that each mean runs over; for `f1-instance` and `accuracy` that of
  /// clips.
  public let averaged: [Metric: Int]
  /// The scores of each class, in class order.
  public let perClass: [ClassScores]
  /// The precision of all observed entries pooled; nil without a positive decision.
  public let microPrecision: Double?
  /// The recall of all observed entries pooled; nil without an observed positive.
  public let microRecall: Double?
  /// The number of observed entries.
  public let scored: Int
  /// The number of entries, observed or missing.
  public let entries: Int
}

/// The scores of a class on its observed entries. A quantity that is undefined is nil.
public struct ClassScores: Sendable, Equatable {
  /// Average precision; nil without an observed positive.
  public let ap: Double?
  /// The area under the precision–recall curve by trapezoids; nil without an observed positive.
  public let auprc: Double?
  /// The area under the ROC curve; nil without an observed positive or an observed negative.
  public let rocAUC: Double?
  /// Precision; nil without a positive decision.
  public let precision: Double?
  /// Recall; nil without an observed positive.
  public let recall: Double?
  /// F1 of the positives; nil without an observed positive.
  public let f1: Double?
  /// F1 of the negatives; nil without an observed negative.
  public let f1Negative: Double?
  /// The number of observed entries.
  public let observed: Int
  /// The number of observed positives.
  public let positives: Int

  /// ½(F1⁺ + F1⁻); nil without an observed positive or an observed negative.
  public var f1Both: Double? {
    guard let f1, let f1Negative else { return nil }
    return (f1 + f1Negative) / 2
  }
}

/// Computes all metrics over the observed entries in O(n log n).
///
/// ```swift
/// let labelled = try LabelledScores(
///   scores: [[0.9, 0.2], [0.4, 0.7]], targets: [[1, 0], [0, 1]],
///   observed: [[true, true], [true, false]])
/// let macroF1 = try score(labelled).values[.f1Macro]
/// ```
///
/// - Parameters:
///   - labelled: The scores, targets and observed entries.
///   - threshold: The decision threshold: a score that reaches it is a positive decision.
///   - instanceThreshold: The decision threshold for `f1-instance`; nil for `threshold`. Papers on
///     DCASE 2017 task 4 use 0.1 (Won et al. 2020, arXiv:2006.00751). `f1-instance` equals
///     scikit-learn's `average="samples"` with `zero_division=nan`.
/// - Throws: `MetricError.nonFinite` if an observed score is not finite.
public func score(
  _ labelled: LabelledScores, threshold: Float = 0.5, instanceThreshold: Float? = nil
) throws(MetricError) -> Scores {
  var pass = ScoringPass(
    labelled, threshold: threshold, instanceThreshold: instanceThreshold ?? threshold)
  for classIndex in 0..<labelled.classes { try pass.scoreClass(classIndex) }
  return try pass.finish()
}
