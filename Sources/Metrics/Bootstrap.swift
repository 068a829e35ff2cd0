// How far a score may be from what other clips would have given: percentile intervals.
import Dispatch
import Synchronization

/// Between which values a metric lies, at a level of confidence.
public struct ConfidenceInterval: Sendable, Equatable {
  public let low, high: Double
  /// In how many draws the metric was defined.
  public let draws: Int
}

/// Intervals of every metric from clips drawn with replacement, as many as there are; the labels
/// and scores of a clip stay together, so what its classes share is kept.
/// Source: Efron, Tibshirani 1993, An Introduction to the Bootstrap, §13.3. They speak of other
/// test clips, not of other training runs (for those: `CrossedTest`), and are a little narrow for
/// few positives.
public struct Bootstrap: Sendable, Equatable {
  public let level: Double
  /// A metric that was defined in no draw is absent.
  public let intervals: [Metric: ConfidenceInterval]

  /// Deterministic: the same scores, draws and seed give the same intervals. Costs `draws` times
  /// `score`, on all cores. `progress` is told how many draws are done, from any thread; on
  /// `false` the work throws `CancellationError`. Throws `MetricError` where an observed score is
  /// not finite.
  public init(
    _ labelled: LabelledScores, draws: Int = 1000, level: Double = 0.95, threshold: Float = 0.5,
    instanceThreshold: Float? = nil, seed: UInt64 = 0,
    progress: (@Sendable (_ done: Int) -> Bool)? = nil
  ) throws {
    precondition(draws > 0 && level > 0 && level < 1, "draws above 0, a level between 0 and 1")
    self.level = level
    let urn = Urn(progress: progress)
    DispatchQueue.concurrentPerform(iterations: labelled.clips > 0 ? draws : 0) { draw in
      urn.add {
        // A stream a draw: the order in which threads come to them does not matter.
        var stream = SplitMix(state: seed)
        stream = SplitMix(state: stream.next() ^ UInt64(draw))
        let clips = (0..<labelled.clips).map { _ in stream.below(labelled.clips) }
        return try score(
          try labelled.choosing(clips), threshold: threshold, instanceThreshold: instanceThreshold
        ).values
      }
    }
    intervals = try urn.found().mapValues { values in
      let sorted = values.sorted()
      return ConfidenceInterval(
        low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2),
        draws: sorted.count)
    }
  }
}

/// What the draws came to, gathered from all threads.
private final class Urn: Sendable {
  private struct State {
    var values: [Metric: [Double]] = [:]
    var done = 0
    var failure: (any Error)?
  }

  private let state = Mutex(State())
  private let progress: (@Sendable (Int) -> Bool)?

  init(progress: (@Sendable (Int) -> Bool)?) { self.progress = progress }

  /// Nothing more is worked on after the first failure.
  func add(_ draw: () throws -> [Metric: Double]) {
    guard state.withLock({ $0.failure == nil }) else { return }
    let result = Result { try draw() }
    state.withLock { state in
      switch result {
      case .failure(let error): state.failure = state.failure ?? error
      case .success(let values):
        for (metric, value) in values { state.values[metric, default: []].append(value) }
        state.done += 1
        if let progress, !progress(state.done) { state.failure = CancellationError() }
      }
    }
  }

  func found() throws -> [Metric: [Double]] {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      return state.values
    }
  }
}

extension LabelledScores {
  /// The clips with these indices, in this order; one may occur more than once.
  package func choosing(_ clips: [Int]) throws(MetricError) -> LabelledScores {
    func rows<Value>(_ values: [Value], _ width: Int) -> [Value] {
      var chosen: [Value] = []
      chosen.reserveCapacity(clips.count * width)
      for clip in clips { chosen += values[clip * width..<(clip + 1) * width] }
      return chosen
    }
    var chosen = try LabelledScores(
      scores: rows(scores, classes), targets: rows(targets, classes),
      observed: rows(observed, classes), classes: classes, isSingleLabel: isSingleLabel)
    if let groups {
      chosen.groups = try TagGroups(
        groups.groups, isUncertain: rows(groups.isUncertain, groups.groups.count),
        uncertainScores: groups.uncertainScores.map { rows($0, groups.groups.count) })
    }
    return chosen
  }
}

/// Of sorted values, straight between neighbours; as NumPy's default.
private func quantile(_ sorted: [Double], _ share: Double) -> Double {
  let position = share * Double(sorted.count - 1)
  let low = Int(position)
  let high = min(low + 1, sorted.count - 1)
  return sorted[low] + (position - Double(low)) * (sorted[high] - sorted[low])
}
