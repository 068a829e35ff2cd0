// How long runs will take, judged by runs that have finished.

/// A run as far as its duration depends on it.
public struct RunKind: Sendable, Equatable {
  public var dataset, model, method: String
  public var epochs: Int

  /// Nil for a recipe without epochs.
  public init?(_ recipe: Recipe) {
    guard let epochs = recipe["training.epochs"].flatMap({ Int($0) }) else { return nil }
    (dataset, model, method) = (recipe.dataset, recipe.model, recipe.method)
    self.epochs = epochs
  }

  /// Nil while its data set or its epochs are not known.
  public init?(_ row: RunRow) {
    guard let dataset = row.dataset, let epochs = row.plannedEpochs else { return nil }
    (self.dataset, model, method) = (dataset, row.summary.model, row.summary.method)
    self.epochs = epochs
  }
}

/// Durations of runs to come, measured on finished ones.
public struct RunDurations: Sendable {
  private struct Finished {
    let kind: RunKind
    let isOwn: Bool
    let seconds: Double
    let steps: Int
  }

  private let finished: [Finished]

  /// `open`: the name of the session whose runs have the data of those to come.
  public init(_ sessions: [SessionRow], open: String?) {
    finished = sessions.flatMap { session in
      session.runs.compactMap { row in
        guard let kind = RunKind(row), let seconds = row.seconds, row.step > 0, kind.epochs > 0
        else { return nil }
        return Finished(
          kind: kind, isOwn: session.name == open, seconds: seconds, steps: row.step)
      }
    }
  }

  /// Seconds that a run takes, evaluation included; nil if no finished run tells.
  ///
  /// Runs of the same session count first, by seconds per epoch: those of the same method, then the
  /// others. Runs of other sessions with this data set and model count by seconds per step, since
  /// they may have other numbers of clips.
  ///
  /// - Parameter steps: The number of steps of the run; nil if it is not known.
  public func seconds(of run: RunKind, steps: Int?) -> Double? {
    let alike = finished.filter { $0.kind.dataset == run.dataset && $0.kind.model == run.model }
    let same = alike.filter { $0.kind.method == run.method }
    let own = [same, alike].lazy.map { $0.filter(\.isOwn) }.first { !$0.isEmpty }
    if let own {
      return Double(run.epochs) * Self.mean(own.map { $0.seconds / Double($0.kind.epochs) })
    }
    guard let steps, let others = [same, alike].first(where: { !$0.isEmpty }) else { return nil }
    return Double(steps) * Self.mean(others.map { $0.seconds / Double($0.steps) })
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }
}
