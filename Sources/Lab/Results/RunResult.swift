// What a finished run has to say for the table, read from its log.
import Foundation

package struct RunResult: Sendable, Equatable {
  package var method: String
  package var model: String
  package var seed: Int
  /// What tells its test from those of other folds; empty where there are none.
  package var fold: String
  /// The row it belongs to, where that is not the method's.
  package var variant: String?
  package var sweep: [String: String]
  /// Of the test, by `student` and `teacher`.
  package var evaluations: [String: EvalEnd]
  package var trainableParameters: Int
  package var seconds: Double
  /// Clips that it is without.
  package var lostClips: Int

  package init(
    method: String, model: String, seed: Int, fold: String = "", variant: String? = nil,
    sweep: [String: String], evaluations: [String: EvalEnd], trainableParameters: Int,
    seconds: Double, lostClips: Int = 0
  ) {
    self.lostClips = lostClips
    self.method = method
    self.model = model
    self.seed = seed
    self.fold = fold
    self.variant = variant
    self.sweep = sweep
    self.evaluations = evaluations
    self.trainableParameters = trainableParameters
    self.seconds = seconds
  }

  /// `nil` unless the run is finished.
  init?(_ folder: RunFolder, _ run: Session.Run) throws {
    guard case (.done, let bye?) = try folder.ending() else { return nil }
    self.init(
      method: run.recipe.method, model: run.recipe.model, seed: run.recipe.seed,
      fold: run.recipe["dataset.testFold"] ?? "0", variant: run.variant, sweep: run.sweep,
      evaluations: [:], trainableParameters: 0, seconds: bye.wall,
      lostClips: bye.lostClips ?? 0)
    for event in try EventLog.read(folder.events, kinds: [.hello, .evalEnd]).events {
      switch event.body {
      case .hello(let hello): trainableParameters = hello.trainableParameters
      case .evalEnd(let end) where end.split == "test": evaluations[end.model] = end
      default: break
      }
    }
  }
}

/// Differences between two methods for a paired test.
enum PairedDifferences {
  /// `[seeds][classes]` for metrics that are means over classes, else one a seed; `nil` where a
  /// class is undefined. Runs pair when they share seed and fold: the same hidden labels, initial
  /// weights and order. `network`: of the group's runs; `against`: of the reference's.
  static func of(
    _ metric: String, _ group: [RunResult], _ reference: [RunResult], network: String,
    against: String
  ) -> [[Double?]] {
    group.compactMap { run -> [Double?]? in
      guard let other = reference.first(where: { $0.seed == run.seed && $0.fold == run.fold }),
        let mine = run.evaluations[network], let theirs = other.evaluations[against],
        mine.perClass.map(\.name) == theirs.perClass.map(\.name)
      else { return nil }
      guard let perClass = perClass(metric) else {
        guard let a = mine.metrics[metric], let b = theirs.metrics[metric] else { return nil }
        return [a - b]
      }
      return zip(mine.perClass, theirs.perClass).map { a, b in
        guard let a = perClass(a), let b = perClass(b) else { return nil }
        return a - b
      }
    }
  }

  private static func perClass(_ metric: String) -> ((ClassScore) -> Double?)? {
    switch metric {
    case "f1-macro": { $0.f1 }
    case "f1-macro-both": { $0.f1Both }
    case "ap-macro": { $0.ap }
    case "roc-auc-macro": { $0.rocAUC }
    default: nil
    }
  }
}
