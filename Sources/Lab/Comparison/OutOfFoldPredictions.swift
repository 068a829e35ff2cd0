// The input of a verdict: what several methods predicted for clips they were not trained on.
import Metrics

/// What one method predicted for clips that it was not trained on, over all folds.
public struct OutOfFoldPredictions: Sendable {
  /// The row's name in the session, such as `transfer`.
  public let name: String
  /// The name for people, such as `transfer (mn04)`.
  public let title: String
  /// Clip ids in the rows' order. A clip occurs once for each repeat in which it was tested.
  public let clips: [String]
  /// The group (recording) of each row.
  public let groups: [String]
  /// Row-major scores, targets and observed labels, [rows, classes].
  public let labelled: LabelledScores
  /// Training time over all its runs, s.
  public let seconds: Double

  public init(
    name: String, title: String, clips: [String], groups: [String], labelled: LabelledScores,
    seconds: Double
  ) {
    self.name = name
    self.title = title
    self.clips = clips
    self.groups = groups
    self.labelled = labelled
    self.seconds = seconds
  }
}

/// The same method trained on a part of the labels, for the learning curve.
public struct LearningCurvePoint: Sendable {
  /// Observed labels (positives and negatives) it was trained on, mean over folds.
  public let labels: Int
  /// Observed positives it was trained on, by class, mean over folds.
  public let positives: [Double]
  /// What it predicted.
  public let predictions: OutOfFoldPredictions

  public init(labels: Int, positives: [Double], predictions: OutOfFoldPredictions) {
    self.labels = labels
    self.positives = positives
    self.predictions = predictions
  }
}

/// What the heading of a verdict says about the data and the folds.
public struct ComparisonFacts: Codable, Sendable, Equatable {
  /// The name of the data, such as the folder's.
  public let name: String
  /// Sound files, and the clips that were cut from them.
  public let files: Int
  public let clips: Int
  /// Groups of clips that stay in one fold, such as recordings.
  public let groups: Int
  /// Observed labels as a share of clips × classes, 0–1.
  public let observed: Double
  /// All sound, s.
  public let seconds: Double
  /// Folds of which the tests are here.
  public let foldsTested: Int
  /// Folds of the plan.
  public let folds: Int
  /// Observed labels and answers, in all clips; absent in verdicts of earlier builds.
  public let labels: Int?
  /// Answers of a person to missing labels that training used; absent without any.
  public let answers: Int?
  /// What went wrong with the data or the runs, a line each.
  public let problems: [String]
  /// The folder of the data as a command names it; nil for data that has none.
  public let folder: String?
  /// A trained run of each method that can predict, by the method's name, as a command names it.
  public let runs: [String: String]

  public init(
    name: String, files: Int, clips: Int, groups: Int, observed: Double, seconds: Double,
    foldsTested: Int, folds: Int, labels: Int? = nil, answers: Int? = nil,
    problems: [String] = [], folder: String? = nil, runs: [String: String] = [:]
  ) {
    self.name = name
    self.files = files
    self.clips = clips
    self.groups = groups
    self.observed = observed
    self.seconds = seconds
    self.foldsTested = foldsTested
    self.folds = folds
    (self.labels, self.answers) = (labels, answers)
    self.problems = problems
    self.folder = folder
    self.runs = runs
  }
}

/// The whole input of a verdict.
public struct Comparison: Sendable {
  /// The classes, in the order of the columns.
  public let classes: [String]
  /// One method each, all over the same clips in the same order.
  public let rows: [OutOfFoldPredictions]
  /// Of the best or the reference method, all labels last; may be empty.
  public let curve: [LearningCurvePoint]
  /// Folds that the curve was drawn on.
  public let curveFolds: Int
  /// The comparison before more labels came; nil without one.
  public let earlier: EarlierComparison?
  /// What is known of the data and the folds.
  public let facts: ComparisonFacts

  public init(
    classes: [String], rows: [OutOfFoldPredictions], curve: [LearningCurvePoint],
    curveFolds: Int = 0, earlier: EarlierComparison? = nil, facts: ComparisonFacts
  ) {
    self.classes = classes
    self.rows = rows
    self.curve = curve
    (self.curveFolds, self.earlier) = (curveFolds, earlier)
    self.facts = facts
  }
}
