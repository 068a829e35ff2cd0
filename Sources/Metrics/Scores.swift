/// Every metric of a set of labelled scores, over all classes and for each of them.
public struct Scores: Sendable, Equatable {
  /// A metric that is undefined here is absent.
  public let values: [Metric: Double]
  /// How many classes (for `f1-instance` and `accuracy`: clips) the mean runs over.
  public let averaged: [Metric: Int]
  /// One for each class, in class order.
  public let perClass: [ClassScores]
  /// At the threshold, of all observed entries pooled; `nil` where nothing was decided positive,
  /// or nothing was observed positive.
  public let microPrecision, microRecall: Double?
  /// Observed entries, of the entries there are.
  public let scored: Int
  public let entries: Int
}

/// What one class scores on its observed entries. `nil` where the quantity is undefined.
public struct ClassScores: Sendable, Equatable {
  /// Needs an observed positive.
  public let ap: Double?
  /// By trapezoids; needs an observed positive.
  public let auprc: Double?
  /// Needs an observed positive and an observed negative.
  public let rocAUC: Double?
  /// Needs a positive decision.
  public let precision: Double?
  /// Needs an observed positive.
  public let recall: Double?
  /// Of the positives; needs one.
  public let f1: Double?
  /// Of the negatives; needs one.
  public let f1Negative: Double?
  public let observed: Int
  public let positives: Int

  /// ½(F1⁺ + F1⁻); needs an observed positive and an observed negative.
  public var f1Both: Double? {
    guard let f1, let f1Negative else { return nil }
    return (f1 + f1Negative) / 2
  }
}

/// Scores observed entries; an entry is decided positive when its score reaches `threshold`.
/// `f1-instance` decides at `instanceThreshold` where one is given: papers on DCASE 2017 task 4
/// take 0.1 (Won et al. 2020, arXiv:2006.00751). It equals scikit-learn's `average="samples"` with
/// `zero_division=nan`.
/// O(n log n): every class is sorted once. Throws where an observed score is not finite.
public func score(
  _ labelled: LabelledScores, threshold: Float = 0.5, instanceThreshold: Float? = nil
) throws(MetricError) -> Scores {
  var pass = ScoringPass(
    labelled, threshold: threshold, instanceThreshold: instanceThreshold ?? threshold)
  for classIndex in 0..<labelled.classes { try pass.scoreClass(classIndex) }
  return try pass.finish()
}
