// How far a run of a session got: one line of its list, and of its table.
import Foundation

public struct RunSummary: Sendable, Equatable {
  public var name: String
  public var method: String
  public var model: String
  public var seed: Int
  public var state: String
  /// Metric id to test value of the network that is the method's result, for finished runs.
  public var scores: [String: Double]
  /// Those of the network beside it, where the method has two.
  public var otherScores: [String: Double]

  public init(
    name: String, method: String, model: String, seed: Int, state: String,
    scores: [String: Double], otherScores: [String: Double] = [:]
  ) {
    self.otherScores = otherScores
    self.name = name
    self.method = method
    self.model = model
    self.seed = seed
    self.state = state
    self.scores = scores
  }
}

extension Session {
  public func runFolder(_ run: Run) -> RunFolder {
    RunFolder(folder.appendingPathComponent("runs").appendingPathComponent(run.name))
  }

  /// How far each run got, with the test scores of finished ones.
  public func summaries() -> [RunSummary] {
    runs.map { runFolder($0).summary(of: $0.recipe) }
  }

  /// A run of the session that a process trains now, also one that was added beside its own.
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
      if ending.state == .done { tests = ending.bye?.scores["test"] ?? [:] }
    } catch {}  // A list says "unreadable"; whoever opens the run is told why.
    return RunSummary(
      name: name, method: recipe.method, model: recipe.model, seed: recipe.seed, state: state,
      scores: tests[result] ?? [:], otherScores: tests[ResultNetwork.other(than: result)] ?? [:])
  }
}
