// How far a score may be from what other clips would have given: percentile intervals.

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
  /// `score`. Throws where an observed score is not finite.
  public init(
    _ labelled: LabelledScores, draws: Int = 1000, level: Double = 0.95, threshold: Float = 0.5,
    instanceThreshold: Float? = nil, seed: UInt64 = 0
  ) throws(MetricError) {
    precondition(draws > 0 && level > 0 && level < 1, "draws above 0, a level between 0 and 1")
    self.level = level
    var stream = SplitMix(state: seed)
    var found: [Metric: [Double]] = [:]
    for _ in 0..<draws where labelled.clips > 0 {
      let clips = (0..<labelled.clips).map { _ in stream.below(labelled.clips) }
      let scores = try score(
        try labelled.choosing(clips), threshold: threshold, instanceThreshold: instanceThreshold)
      for (metric, value) in scores.values { found[metric, default: []].append(value) }
    }
    intervals = found.mapValues { values in
      let sorted = values.sorted()
      return ConfidenceInterval(
        low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2),
        draws: sorted.count)
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
