// The results of a finished run for the table, read from its log.
import Foundation

package struct RunResult: Codable, Sendable, Equatable {
  package var method: String
  package var model: String
  package var seed: Int
  /// Identifies the fold of its test; empty without folds.
  package var fold: String
  /// The name of its row, if that is not the method's.
  package var variant: String?
  package var sweep: [String: String]
  /// Of the split, by `student` and `teacher`.
  package var evaluations: [String: EvalEnd]
  package var trainableParameters: Int
  package var seconds: Double
  /// Clips whose files are missing or hold no sound.
  package var lostClips: Int
  /// The most resident memory of the process in bytes; nil if the log has no samples.
  package var peakMemory: Int?
}

extension RunResult {
  /// The scores on a split. Those of validation belong to the step whose weights were tested.
  ///
  /// - Returns: nil unless the run is finished.
  init?(_ folder: RunFolder, _ run: Session.Run, split: ScoredSplit = .test) throws {
    guard case (.done, let ended?) = try folder.ending() else { return nil }
    self.init(
      method: run.recipe.method, model: run.recipe.model, seed: run.recipe.seed,
      fold: run.recipe["dataset.testFold"] ?? "0", variant: run.variant, sweep: run.sweep,
      evaluations: [:], trainableParameters: 0, seconds: ended.wall,
      lostClips: ended.lostClips ?? 0)
    let log = try EventLog.read(
      folder.events, only: [RunStarted.self, EvalEnd.self, Resources.self])
    for case let started as RunStarted in log.events.map(\.body) {
      trainableParameters = started.trainableParameters
    }
    peakMemory = log.events.compactMap { ($0.body as? Resources)?.rss }.max()
    evaluations = Self.evaluations(log.events, split)
  }

  private static func evaluations(_ events: [Event], _ split: ScoredSplit) -> [String: EvalEnd] {
    var tests: [String: EvalEnd] = [:]
    var validation: [String: [Int: EvalEnd]] = [:]
    for event in events {
      guard let end = event.body as? EvalEnd else { continue }
      if end.split == "test" { tests[end.model] = end.withScoresAfterTraining }
      if end.split == "validation" { validation[end.model, default: [:]][event.step] = end }
    }
    guard split == .validation else { return tests }
    return Dictionary(
      uniqueKeysWithValues: tests.compactMap { model, test in
        let steps = validation[model] ?? [:]
        let kept = test.weights.flatMap { steps[$0] } ?? steps.max { $0.key < $1.key }?.value
        return kept.map { (model, $0) }
      })
  }
}

extension EvalEnd {
  /// The metrics and what was computed after training, under one another's ids.
  fileprivate var withScoresAfterTraining: EvalEnd {
    var end = self
    if let scores = afterTraining?.scores { end.metrics.merge(scores) { own, _ in own } }
    return end
  }
}

/// The splits whose scores a table can show.
public enum ScoredSplit: String, CaseIterable, Sendable { case validation, test }

/// The difference between runs of two methods that share seed and fold: the same hidden labels,
/// initial weights and order.
struct PairedDifferences {
  let seed: Int
  let fold: String
  /// One a class for metrics that are means over classes, nil where a class is undefined; else one.
  let values: [Double?]

  func isPaired(with other: PairedDifferences) -> Bool {
    seed == other.seed && fold == other.fold
  }

  /// One for each run of the group with a partner in the reference. `minus`: the metric of the
  /// reference, if it is another; `network`: of the group's runs; `against`: of the reference's.
  static func all(
    _ metric: String, minus other: String? = nil, _ group: [RunResult], _ reference: [RunResult],
    network: String,
    against: String
  ) -> [PairedDifferences] {
    group.compactMap { run in
      guard let partner = reference.first(where: { $0.seed == run.seed && $0.fold == run.fold }),
        let mine = run.evaluations[network], let theirs = partner.evaluations[against],
        let values = values(metric, other ?? metric, mine, theirs)
      else { return nil }
      return PairedDifferences(seed: run.seed, fold: run.fold, values: values)
    }
  }

  private static func values(
    _ metric: String, _ other: String, _ mine: EvalEnd, _ theirs: EvalEnd
  ) -> [Double?]? {
    guard mine.perClass.map(\.name) == theirs.perClass.map(\.name) else { return nil }
    guard metric == other, isMeanOverClasses(metric) else {
      guard let a = mine.metrics[metric], let b = theirs.metrics[other] else { return nil }
      return [a - b]
    }
    return zip(mine.perClass, theirs.perClass).map { a, b in
      guard let a = a.value(of: metric), let b = b.value(of: metric) else { return nil }
      return a - b
    }
  }

  /// Whether evaluations have the parts of the mean.
  private static func isMeanOverClasses(_ metric: String) -> Bool {
    ["f1-macro", "f1-macro-both", "ap-macro", "roc-auc-macro"].contains(metric)
  }
}

public struct RunSummary: Codable, Sendable, Equatable {
  public var name: String
  public var method: String
  public var model: String
  public var seed: Int
  public var state: String
  /// Metric id to test value of the network that is the method's result, for finished runs.
  public var scores: [String: Double]
  /// Those of the other network of a method with two.
  public var otherScores: [String: Double]
}

extension Session {
  public func runFolder(_ run: Run) -> RunFolder {
    RunFolder(folder.appendingPathComponent("runs").appendingPathComponent(run.name))
  }

  /// How far each run got, with the test scores of finished ones.
  public func summaries() -> [RunSummary] {
    runs.map { runFolder($0).summary(of: $0.recipe) }
  }

  /// A run in the session's folder that a process trains now, also one that `session.yaml` does
  /// not name.
  public func running() throws -> RunFolder? {
    try RunFolder.training(in: folder.appendingPathComponent("runs"))
  }
}

extension RunFolder {
  /// One line of a session's list.
  public func summary(of recipe: Recipe) -> RunSummary {
    let result = ResultNetwork.of(recipe.method)
    var (state, tests) = (State.unreadable.rawValue, [String: [String: Double]]())
    do {
      let ending = try ending()
      let isTraining = try ending.state != .done && isTraining()
      state = isTraining ? "training" : ending.state.rawValue
      if ending.state == .done { tests = ending.ended?.scores["test"] ?? [:] }
    } catch {}  // A list shows "unreadable"; opening the run shows why.
    return RunSummary(
      name: name, method: recipe.method, model: recipe.model, seed: recipe.seed, state: state,
      scores: tests[result] ?? [:], otherScores: tests[ResultNetwork.other(than: result)] ?? [:])
  }
}
