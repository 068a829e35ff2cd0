// Ranking metrics of many clips.
import Autograd
import Metrics

/// Macro average precision and macro ROC-AUC of 20,000 clips and 50 classes, 5 % ones.
public struct ScoreWorkload: Workload {
  public static let id = "score"
  public static let summary = "average precision and ROC-AUC of 20,000 clips and 50 classes"
  public static let items = 20_000

  private let labelled: LabelledScores

  public init(_ precision: Precision) throws {
    let (targets, scores) = FixedData.scores()
    labelled = try LabelledScores(
      scores: scores, targets: targets,
      observed: [Bool](repeating: true, count: targets.count), classes: 50)
  }

  public func repetition() throws { _ = try measured() }

  /// The two macro means.
  package func measured() throws -> (averagePrecision: Double?, rocAUC: Double?) {
    let values = try score(labelled).values
    return (values[.apMacro], values[.rocAUCMacro])
  }
}
