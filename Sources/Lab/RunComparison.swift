// Runs side by side on the screen are tested as the rows of a results table are.
import Metrics

/// How sure it is that two groups of runs differ in a metric of their tests.
public struct RunComparison: Sendable, Equatable {
  /// Mean difference of what pairs, the second group less the first.
  public let mean: Double
  /// Two-sided; `CrossedTest`.
  public let pValue: Double
  public let seeds, classes: Int

  /// The teacher's test where a run has one. Paired over seeds and, for means over classes,
  /// classes; nil where too little pairs.
  public init?(of metric: String, _ group: [RunRecord], against reference: [RunRecord]) {
    let differences = PairedDifferences.of(
      metric, group.map(Self.result), reference.map(Self.result), model: Self.model)
    guard let test = CrossedTest(differences) else { return nil }
    mean = test.mean
    pValue = test.pValue
    seeds = test.seeds
    classes = test.classes
  }

  private static let model = "shown"

  private static func result(_ record: RunRecord) -> RunResult {
    let end = record.test["teacher"] ?? record.test["student"]
    return RunResult(
      method: record.summary.method, model: record.summary.model, seed: record.summary.seed,
      fold: record.settings["dataset.testFold"] ?? "", sweep: [:],
      evaluations: end.map { [model: $0] } ?? [:], trainableParameters: 0,
      seconds: record.seconds ?? 0)
  }
}
