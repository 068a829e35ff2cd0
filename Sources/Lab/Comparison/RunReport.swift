// A finished run's test predictions beside the labels of its clips.
import Datasets
import Formats
import Foundation
import Metrics

/// What the views per class of a run are made of.
public struct RunReport: Sendable, Equatable {
  /// The run's name.
  public let run: String
  /// `student` or `teacher`: the network that is the method's result.
  public let network: String
  public let classes: [String]
  /// Test probabilities as the network gave them, with the observed labels.
  public let labelled: LabelledScores
  /// The decision threshold of each class, for the probabilities as they are; .5 for a run that has
  /// none for this network.
  public let thresholds: [Float]
  /// Whether the thresholds were chosen on validation clips.
  public let isCalibrated: Bool
  /// What calibration and chosen thresholds make of the test; nil in runs of earlier builds.
  public let afterTraining: AfterTraining?
  /// Predicted clips that the data set no longer has.
  public let lostClips: Int

  public init(
    run: String, network: String = "student", classes: [String], labelled: LabelledScores,
    calibration: Calibration? = nil, afterTraining: AfterTraining? = nil, lostClips: Int = 0
  ) {
    self.afterTraining = afterTraining
    (self.run, self.network, self.classes) = (run, network, classes)
    (self.labelled, self.lostClips) = (labelled, lostClips)
    isCalibrated = calibration != nil
    thresholds =
      calibration.map { found in found.thresholds.map { found.uncalibrated($0) } }
      ?? classes.map { _ in 0.5 }
  }

  /// Throws `Problem` if the run has no predictions, or the data set other classes.
  init(reading folder: RunFolder, _ recipe: Recipe, _ dataset: any Dataset) throws {
    guard try StoredFile.exists(folder.predictions) else {
      throw Problem(
        folder.url.path, "no test predictions; expected a run that was trained to its end")
    }
    let classes = dataset.classes
    let found = try RunPredictions(reading: folder, classes: classes.count)
    let clips = Dictionary(
      recipe.hiding(dataset.clips).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var (scores, labels) = ([Float](), [Float?]())
    for (row, id) in found.clips.enumerated() {
      guard let clip = clips[id] else { continue }
      scores += found.scores[row * classes.count..<(row + 1) * classes.count]
      labels += clip.labels
    }
    let calibration = try RunCalibration.read(folder, classes: classes)
    let labelled = try LabelledScores(
      scores: scores, targets: labels.map { $0 ?? 0 }, observed: labels.map { $0 != nil },
      classes: classes.count, isSingleLabel: dataset.isSingleLabel)
    let tests = try folder.tests()
    let network = try Self.network(
      of: labelled, among: tests, result: ResultNetwork.of(recipe.method))
    self.init(
      run: folder.name, network: network, classes: classes, labelled: labelled,
      calibration: calibration?.network == network ? calibration?.calibration : nil,
      afterTraining: tests.first { $0.model == network }?.afterTraining,
      lostClips: found.clips.count { clips[$0] == nil })
  }

  /// The network whose predictions these are. Builds before 0.2 wrote those of the student, also
  /// where the teacher is the method's result; the file does not say so, but the logged test with
  /// the same average precision does. The result if no test decides.
  package static func network(
    of labelled: LabelledScores, among tests: [EvalEnd], result: String
  ) throws -> String {
    guard tests.count > 1, let here = try score(labelled).values[.apMacro] else { return result }
    func distance(_ test: EvalEnd) -> Double {
      test.metrics[Metric.apMacro.rawValue].map { abs($0 - here) } ?? .infinity
    }
    let ordered = tests.filter { $0.model == result } + tests.filter { $0.model != result }
    return ordered.min { distance($0) < distance($1) }?.model ?? result
  }

  /// The decisions at the thresholds, `[clips, classes]`; with one class a clip, the highest score.
  ///
  /// - Throws: `MetricError` if an observed score is not finite.
  public func decisions() throws -> [Bool] {
    guard !labelled.isSingleLabel else { return try labelled.decisions(threshold: 0.5) }
    return labelled.scores.indices.map {
      labelled.scores[$0] >= thresholds[$0 % labelled.classes]
    }
  }
}

extension RunExecutor {
  /// The test predictions of a finished run, with the labels of its data set; blocking.
  ///
  /// - Throws: One line if the run has none, or its data set cannot be opened.
  public func report(_ folder: RunFolder, progress: PreparationHandler? = nil) throws -> RunReport {
    let recipe = try folder.readRecipe()
    return try RunReport(reading: folder, recipe, data.open(recipe, progress: progress))
  }
}
