// A split before and after calibration and chosen thresholds: what `scant evaluate` prints.
import Autograd
import Datasets
import Foundation
import Layers
import Methods
import Metrics

/// Scores of a run's result before and after calibration and thresholds chosen on validation clips.
public struct DecidedEvaluation: Encodable, Sendable, Equatable {
  /// `student` or `teacher`.
  public let network: String
  public let split: String
  public let calibration: Recalibration
  public let thresholdRule: ThresholdRule
  /// The number of validation clips with a label.
  public let validationClips: Int
  /// By class, for calibrated probabilities; absent where nothing could be chosen, and where each
  /// half of the clips has those of the other half.
  public let thresholds: [Float]?
  /// Absent without temperature scaling.
  public let temperature: Double?
  /// Metric id to score.
  public let before: [String: Double]
  /// Absent where nothing could be chosen.
  public let after: [String: Double]?
  public let diagramBefore: Reliability
  public let diagramAfter: Reliability?
  /// What limits the choice, a sentence each.
  public let notes: [String]

  /// - Parameters:
  ///   - network: `student` or `teacher`.
  ///   - split: The split that `labelled` is.
  ///   - labelled: Its probabilities and labels.
  ///   - validation: Those of the validation clips.
  ///   - classes: The names of the classes.
  ///   - choice: Calibration and threshold rule.
  ///   - threshold: The threshold of the run, that of the rule `half`.
  /// - Throws: `MetricError` if an observed score is not finite.
  package init(
    network: String, split: Split, labelled: LabelledScores, validation: LabelledScores,
    classes: [String], choice: DecisionChoice, threshold: Float
  ) throws(MetricError) {
    let (calibration, thresholds) = (choice.calibration, choice.thresholds)
    let rule = DecisionRule(
      calibration, thresholds, fitting: validation, threshold: threshold)
    let isOwn = split == .validation
    let decided =
      isOwn
      ? DecisionRule.crossFitted(calibration, thresholds, validation, threshold: threshold)
      : rule?.applied(to: labelled)
    self.network = network
    self.split = split.rawValue
    (self.calibration, thresholdRule) = (calibration, thresholds)
    validationClips = validation.labelledClips
    self.thresholds = isOwn || decided == nil ? nil : rule?.thresholds
    temperature = decided == nil ? nil : rule?.temperature
    before = Self.scores(try score(labelled, threshold: threshold))
    diagramBefore = try Reliability(labelled)
    if let decided {
      after = Self.scores(try score(decided))
      diagramAfter = try Reliability(decided.labelled)
    } else {
      (after, diagramAfter) = (nil, nil)
    }
    notes = Self.notes(rule, isOwn: isOwn, isDecided: decided != nil, classes)
  }

  private static func scores(_ scores: Scores) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: scores.values.map { ($0.key.rawValue, $0.value) })
  }

  private static func notes(
    _ rule: DecisionRule?, isOwn: Bool, isDecided: Bool, _ classes: [String]
  ) -> [String] {
    guard let rule, isDecided else {
      return ["nothing could be chosen: the validation labels are too few, or all of one kind"]
    }
    var notes: [String] = []
    if isOwn { notes.append("each half of the validation clips is decided by the other half") }
    if !rule.shared.isEmpty {
      let names = rule.shared.prefix(mostNamed).map { classes[$0] }.joined(separator: ", ")
      let more = rule.shared.count - mostNamed
      notes.append(
        "\(rule.shared.count) of \(classes.count) classes have fewer than "
          + "\(Calibration.fewestLabels) validation labels of a kind and share what all labels "
          + "give: \(names)" + (more > 0 ? " and \(more) more" : ""))
    }
    return notes
  }

  private static let mostNamed = 8
}

/// What to do with the probabilities of a finished run.
public struct DecisionChoice: Sendable, Equatable {
  public let calibration: Recalibration
  public let thresholds: ThresholdRule

  public init(_ calibration: Recalibration, _ thresholds: ThresholdRule) {
    (self.calibration, self.thresholds) = (calibration, thresholds)
  }
}

/// Scores of a finished run on a split.
public struct RunEvaluation: Sendable {
  /// By `student` and `teacher`.
  public var networks: [String: EvalEnd]
  /// Nil unless it was asked for.
  public var decided: DecidedEvaluation?
}

extension LabelledScores {
  fileprivate var labelledClips: Int {
    (0..<clips).count { clip in observed[clip * classes..<(clip + 1) * classes].contains(true) }
  }
}

extension SplitData {
  /// The probabilities of a network beside the labels of all clips.
  func labelled(
    by classifier: any Classifier, classes: Int, isSingleLabel: Bool, batch: Int
  ) throws(MetricError) -> LabelledScores {
    let labels = clips.flatMap(\.labels)
    return try LabelledScores(
      scores: probabilities(of: classifier, batch: batch), targets: labels.map { $0 ?? 0 },
      observed: labels.map { $0 != nil }, classes: classes, isSingleLabel: isSingleLabel)
  }

  /// With the classes and the batch size of a run.
  func labelled(
    by classifier: any Classifier, of model: TrainedModel
  ) throws(MetricError) -> LabelledScores {
    try labelled(
      by: classifier, classes: model.classes.count, isSingleLabel: model.isSingleLabel,
      batch: model.recipe.training[TrainingSettings.batch])
  }
}

extension RunExecutor {
  /// Nil if the method's result was not scored.
  func decide(
    _ choice: DecisionChoice, _ evaluation: Evaluation, _ model: TrainedModel,
    _ prepared: PreparedData
  ) throws -> DecidedEvaluation? {
    let network = model.result
    guard let result = evaluation.results.first(where: { $0.end.model == network.rawValue }),
      let classifier = model[network]
    else { return nil }
    let labelled = try evaluation.labelled(result)
    let validation = model.loader(
      prepared.clips(model.recipe).filter { $0.split == .validation }, prepared)
    return try DecidedEvaluation(
      network: network.rawValue, split: evaluation.split, labelled: labelled,
      validation: evaluation.split == .validation
        ? labelled : try validation.labelled(by: classifier, of: model),
      classes: model.classes, choice: choice,
      threshold: Float(model.recipe.training[TrainingSettings.threshold]))
  }
}
