// Bootstrap confidence intervals over clips.
import Dispatch
import Synchronization

/// A confidence interval of a metric.
public struct ConfidenceInterval: Sendable, Equatable {
  /// The lower bound.
  public let low: Double
  /// The upper bound.
  public let high: Double
  /// The number of resamples in which the metric was defined.
  public let draws: Int
}

/// Percentile bootstrap intervals of every metric over clips.
///
/// ```swift
/// let labelled = try LabelledScores(
///   scores: [[0.9, 0.2], [0.4, 0.7]], targets: [[1, 0], [0, 1]],
///   observed: [[true, true], [true, false]])
/// let bootstrap = try Bootstrap(labelled, draws: 1000)
/// let interval = bootstrap.intervals[.apMacro]
/// ```
///
/// Each resample draws as many clips as there are, with replacement. The labels and scores of a
/// clip stay together, so the dependence between classes is kept. Clips of one recording depend on
/// each other too: with groups, each resample draws as many groups as there are (Davison & Hinkley
/// 1997, Bootstrap Methods and their Application, §3.8).
///
/// The intervals describe other test clips, not other training runs; for those see ``CrossedTest``.
/// With few positives they are a little narrow. Source: Efron & Tibshirani 1993, An Introduction to
/// the Bootstrap, §13.3.
public struct Bootstrap: Sendable, Equatable {
  /// The confidence level, such as 0.95.
  public let level: Double
  /// The interval of each metric. A metric that is undefined in all resamples is absent.
  public let intervals: [Metric: ConfidenceInterval]

  /// Computes the intervals on all cores. The same scores, draws and seed give the same intervals.
  ///
  /// - Parameters:
  ///   - labelled: The scores, targets and observed entries.
  ///   - groups: The indices of the clips that are drawn together. Nil draws each clip by itself.
  ///   - draws: The number of resamples, above 0. Each costs one call of `score`.
  ///   - level: The confidence level, between 0 and 1.
  ///   - threshold: The decision threshold for F1.
  ///   - instanceThreshold: The decision threshold for `f1-instance`; nil for `threshold`.
  ///   - seed: The seed of the resamples.
  ///   - progress: Called from any thread with the number of resamples done. Return false to
  ///     cancel.
  /// - Throws: `MetricError` if an observed score is not finite; `CancellationError` if `progress`
  ///   returns false.
  public init(
    _ labelled: LabelledScores, groups: [[Int]]? = nil, draws: Int = 1000, level: Double = 0.95,
    threshold: Float = 0.5, instanceThreshold: Float? = nil, seed: UInt64 = 0,
    progress: (@Sendable (_ done: Int) -> Bool)? = nil
  ) throws {
    precondition(draws > 0 && level > 0 && level < 1, "draws above 0, a level between 0 and 1")
    self.level = level
    let resamples = Resamples(progress: progress)
    @Sendable func drawn(_ stream: inout SplitMix) -> [Int] {
      guard let groups else { return labelled.clips.drawn(&stream) }
      return groups.count.drawn(&stream).flatMap { groups[$0] }
    }
    DispatchQueue.concurrentPerform(iterations: labelled.clips > 0 ? draws : 0) { draw in
      resamples.add {
        // Each draw has its own random stream, so the order of the threads does not matter.
        var stream = SplitMix(state: seed)
        stream = SplitMix(state: stream.next() ^ UInt64(draw))
        return try score(
          try labelled.choosing(drawn(&stream)), threshold: threshold,
          instanceThreshold: instanceThreshold
        ).values
      }
    }
    intervals = try resamples.values().mapValues { values in
      let sorted = values.sorted()
      return ConfidenceInterval(
        low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2),
        draws: sorted.count)
    }
  }
}

extension Int {
  /// As many indices below this number as it says, with replacement.
  fileprivate func drawn(_ stream: inout SplitMix) -> [Int] {
    (0..<self).map { _ in stream.below(self) }
  }
}

/// Collects the results of the resamples from all threads.
private final class Resamples: Sendable {
  private struct State {
    var values: [Metric: [Double]] = [:]
    var done = 0
    var failure: (any Error)?
  }

  private let state = Mutex(State())
  private let progress: (@Sendable (Int) -> Bool)?

  init(progress: (@Sendable (Int) -> Bool)?) { self.progress = progress }

  /// Runs a resample, unless another one has failed.
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

  func values() throws -> [Metric: [Double]] {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      return state.values
    }
  }
}

extension LabelledScores {
  /// The clips with these indices, in this order. An index may occur more than once.
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

/// A quantile of sorted values by linear interpolation, as NumPy's default.
private func quantile(_ sorted: [Double], _ share: Double) -> Double {
  let position = share * Double(sorted.count - 1)
  let low = Int(position)
  let high = min(low + 1, sorted.count - 1)
  return sorted[low] + (position - Double(low)) * (sorted[high] - sorted[low])
}

/// SplitMix64, a random number generator that gives the same numbers on every machine
/// (Steele, Lea & Flood 2014, doi:10.1145/2714064.2660195). `Autograd` seeds its generator with the
/// same algorithm; this target imports nothing, so that scores can be used alone.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A uniform draw from 0..<count, as the high half of a product. `count` is positive and far
  /// below 2⁶⁴.
  mutating func below(_ count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }
}
