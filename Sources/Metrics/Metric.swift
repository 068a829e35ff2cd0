/// The metrics. All of them count observed entries only. The raw value is the id in recipes and
/// files.
public enum Metric: String, CaseIterable, Sendable, Codable {
  /// F1 of the positives, macro-averaged.
  case f1Macro = "f1-macro"
  /// The mean of the F1 of positives and that of negatives, macro-averaged, as for OpenMIC-2018.
  case f1MacroBoth = "f1-macro-both"
  /// F1 of all observed entries pooled.
  case f1Micro = "f1-micro"
  /// F1 within each clip, averaged over clips.
  case f1Instance = "f1-instance"
  /// Average precision, macro-averaged.
  case apMacro = "ap-macro"
  /// Average precision of all observed entries pooled.
  case apMicro = "ap-micro"
  /// The area under the precision–recall curve by trapezoids, macro-averaged.
  case auprcMacro = "auprc-macro"
  /// The area under the precision–recall curve by trapezoids, of all observed entries pooled.
  case auprcMicro = "auprc-micro"
  /// The area under the ROC curve, macro-averaged.
  case rocAUCMacro = "roc-auc-macro"
  /// The fraction of clips whose highest-scored class is positive, for single-label data.
  case accuracy
  /// The official AUPRC over groups of tags of SONYC-UST.
  case sonycAUPRC = "sonyc-auprc"
  /// The official F1 over (clip, label) pairs of DCASE 2017 task 4.
  case dcaseF1 = "dcase-f1"

  /// The name on screen and in tables.
  public var title: String {
    switch self {
    case .f1Macro: "macro F1"
    case .f1MacroBoth: "macro F1, both sides"
    case .f1Micro: "micro F1"
    case .f1Instance: "instance F1"
    case .apMacro: "macro AP"
    case .apMicro: "micro AP"
    case .rocAUCMacro: "macro ROC-AUC"
    case .accuracy: "accuracy"
    case .auprcMacro: "macro AUPRC"
    case .auprcMicro: "micro AUPRC"
    case .sonycAUPRC: "SONYC AUPRC"
    case .dcaseF1: "DCASE F1"
    }
  }

  /// The definition in one line, with the classes that the mean leaves out.
  public var summary: String {
    switch self {
    case .f1Macro:
      "F1 of the positives at the threshold, mean over classes with an observed positive"
    case .f1MacroBoth:
      "half the F1 of the positives plus half that of the negatives, mean over classes with both"
    case .f1Micro: "F1 of all observed entries pooled at the threshold"
    case .f1Instance:
      "F1 within each clip at the threshold, mean over clips with a label to find or one found"
    case .apMacro:
      "average precision (step-wise sum), mean over classes with an observed positive"
    case .apMicro: "average precision of all observed entries pooled"
    case .auprcMacro:
      "area under the precision–recall curve (trapezoids), mean over classes with a positive"
    case .auprcMicro:
      "area under the precision–recall curve (trapezoids) of all observed entries pooled"
    case .rocAUCMacro:
      "chance that a positive outscores a negative, ties half, mean over classes with both"
    case .accuracy: "share of clips whose highest-scored class is right; single-label data only"
    case .sonycAUPRC:
      "mean AUPRC of groups of tags as SONYC-UST's organizers count it; data with such groups only"
    case .dcaseF1: "F1 of (clip, label) pairs at the threshold, 0 where undefined"
    }
  }

  /// The source of the definition; empty for textbook metrics.
  public var paper: String {
    switch self {
    case .f1MacroBoth: "Humphrey, Durand, McFee 2018, OpenMIC-2018, ISMIR"
    case .f1Instance: "Mesaros, Heittola, Virtanen 2016, doi:10.3390/app6060162"
    case .apMacro, .apMicro: "Buckley, Voorhees 2000, doi:10.1145/345508.345543"
    case .auprcMacro, .auprcMicro: "Davis, Goadrich 2006, doi:10.1145/1143844.1143874"
    case .sonycAUPRC: "Cartwright et al. 2019, SONYC-UST, doi:10.33682/j5zw-2t88"
    case .dcaseF1: "Mesaros et al. 2019, doi:10.1109/TASLP.2019.2907016"
    case .rocAUCMacro: "Hanley, McNeil 1982, doi:10.1148/radiology.143.1.7063747"
    case .f1Macro, .f1Micro, .accuracy: ""
    }
  }
}

extension Metric {
  /// The metric that stands for a result where nobody has named another one.
  ///
  /// - Parameter isSingleLabel: Whether exactly one class of each clip is positive.
  public static func headline(isSingleLabel: Bool) -> Metric {
    isSingleLabel ? .accuracy : .f1MacroBoth
  }
}

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
  let decisions = labelled.scores.map { $0 >= threshold }
  let other = instanceThreshold.map { limit in labelled.scores.map { $0 >= limit } }
  return try scores(
    ScoringPass(
      labelled, decisions: decisions, instanceDecisions: other ?? decisions), labelled.classes)
}

/// Computes all metrics of clips that have been decided on.
///
/// - Throws: `MetricError.nonFinite` if an observed score is not finite.
public func score(_ decided: DecidedScores) throws(MetricError) -> Scores {
  try scores(
    ScoringPass(
      decided.labelled, decisions: decided.decisions, instanceDecisions: decided.decisions),
    decided.labelled.classes)
}

private func scores(_ pass: ScoringPass, _ classes: Int) throws(MetricError) -> Scores {
  var pass = pass
  for classIndex in 0..<classes { try pass.scoreClass(classIndex) }
  return try pass.finish()
}
