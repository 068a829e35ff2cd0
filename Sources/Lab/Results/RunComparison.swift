// Runs side by side on the screen are tested as the rows of a results table are.
import Metrics

/// How sure it is that two groups of runs differ in a metric of their tests.
public struct RunComparison: Sendable, Equatable {
  /// Mean difference of what pairs, the second group less the first.
  public let mean: Double
  /// Two-sided; `CrossedTest`.
  public let pValue: Double
  public let seeds, classes: Int

  /// Of the chosen network of each run. Paired over seeds and, for means over classes, classes; nil
  /// where too little pairs.
  public init?(
    of metric: String, _ group: [RunRecord], against reference: [RunRecord],
    network choice: NetworkChoice = .result
  ) {
    let differences = PairedDifferences.of(
      metric, group.map { Self.result($0, choice) }, reference.map { Self.result($0, choice) },
      network: Self.shown, against: Self.shown)
    guard let test = CrossedTest(differences) else { return nil }
    mean = test.mean
    pValue = test.pValue
    seeds = test.seeds
    classes = test.classes
  }

  private static let shown = "shown"

  /// Runs on different data do not pair: their data set is part of the fold.
  private static func result(_ record: RunRecord, _ choice: NetworkChoice) -> RunResult {
    let fold = record.settings["dataset.testFold"] ?? "0"
    let place = [record.settings["dataset.id"] ?? "", fold]
    return RunResult(
      method: record.summary.method, model: record.summary.model, seed: record.summary.seed,
      fold: place.joined(separator: " "), sweep: [:],
      evaluations: record.test(of: choice).map { [shown: $0] } ?? [:], trainableParameters: 0,
      seconds: record.seconds ?? 0)
  }
}
