// The precision–recall curve of a group of tags.

/// Counts at every threshold, from 1 down to 0.01. The thresholds are the distinct scores of the
/// members.
struct GroupCurve {
  struct Point {
    let threshold: Float
    let counts: GroupCounts
  }

  /// By falling threshold. A decision is positive if the score reaches the threshold.
  private(set) var points: [Point] = []

  private struct Entry {
    let score: Float
    let clip: Int
    /// nil for the group's X.
    let member: Int?
  }

  /// O(n log n): a clip is counted again only if one of its decisions changes.
  init(_ labelled: LabelledScores, _ tags: TagGroups, group: Int) throws(MetricError) {
    var decisions: [GroupDecision] = []
    var entries: [Entry] = []
    for clip in 0..<labelled.clips {
      let (decision, more) = try Self.read(labelled, tags, group: group, clip: clip)
      decisions.append(decision)
      entries += more
    }
    var totals = GroupCounts()
    for decision in decisions { totals += decision.counts }
    entries.sort { $0.score > $1.score }
    var next = 0
    for threshold in Self.thresholds(entries) {
      while next < entries.count, entries[next].score >= threshold {
        let entry = entries[next]
        totals -= decisions[entry.clip].counts
        if let member = entry.member {
          decisions[entry.clip].decided[member] = true
        } else {
          decisions[entry.clip].decidedUncertain = true
        }
        totals += decisions[entry.clip].counts
        next += 1
      }
      points.append(Point(threshold: threshold, counts: totals))
    }
  }

  /// An entry counts if it is observed, or if X is present, since any decision may then be a true
  /// positive.
  private static func read(
    _ labelled: LabelledScores, _ tags: TagGroups, group: Int, clip: Int
  ) throws(MetricError) -> (GroupDecision, [Entry]) {
    let members = tags.groups[group].members
    let isUncertain = tags.isUncertain[clip * tags.groups.count + group]
    var truth: [Bool?] = []
    var entries: [Entry] = []
    for (index, column) in members.enumerated() {
      let at = clip * labelled.classes + column
      truth.append(labelled.observed[at] ? labelled.targets[at] >= 0.5 : nil)
      guard labelled.observed[at] || isUncertain == true else { continue }
      try check(labelled.scores[at], clip, column)
      entries.append(Entry(score: labelled.scores[at], clip: clip, member: index))
    }
    if let scores = tags.uncertainScores, isUncertain != nil {
      let score = scores[clip * tags.groups.count + group]
      try check(score, clip, group)
      entries.append(Entry(score: score, clip: clip, member: nil))
    }
    let decision = GroupDecision(
      truth: truth, isUncertain: isUncertain, decided: members.map { _ in false })
    return (decision, entries)
  }

  private static func check(_ score: Float, _ clip: Int, _ column: Int) throws(MetricError) {
    guard score.isFinite else {
      throw .nonFinite(score: score, clip: clip, classIndex: column)
    }
  }

  /// The thresholds of sorted entries. X adds none, as in the organizers' scorer.
  private static func thresholds(_ entries: [Entry]) -> [Float] {
    let scores = entries.filter { $0.member != nil }.map(\.score) + [1]
    return Set(scores.filter { $0 >= 0.01 }).sorted(by: >)
  }
}

extension GroupCurve {
  /// The counts at the smallest threshold of this curve that is at least `threshold`; above the
  /// highest threshold, those of the first point.
  func counts(reaching threshold: Float) -> GroupCounts {
    var (low, high) = (0, points.count)
    while low < high {
      let middle = (low + high) / 2
      if points[middle].threshold >= threshold { low = middle + 1 } else { high = middle }
    }
    return points[max(low - 1, 0)].counts
  }

  /// The area under the polygon through the points (recall, precision), padded with (0, 1) and
  /// (1, 0). Recall never decreases as the threshold falls, so the points are in order.
  static func area(_ counts: [GroupCounts]) -> Double {
    var (recall, precision, sum) = (0.0, 1.0, 0.0)
    for (r, p) in counts.map({ ($0.recall, $0.precision) }) + [(1, 0)] {
      sum += (r - recall) * (p + precision) / 2
      (recall, precision) = (r, p)
    }
    return sum
  }
}

/// The counts of the evaluation of SONYC-UST within a group. Source: Cartwright et al. 2020,
/// SONYC-UST-V2, DCASE workshop, and the organizers' published scorer.
struct GroupCounts: Sendable, Equatable {
  var truePositives = 0
  var falsePositives = 0
  var falseNegatives = 0

  static func += (a: inout GroupCounts, b: GroupCounts) {
    a.truePositives += b.truePositives
    a.falsePositives += b.falsePositives
    a.falseNegatives += b.falseNegatives
  }

  static func -= (a: inout GroupCounts, b: GroupCounts) {
    a.truePositives -= b.truePositives
    a.falsePositives -= b.falsePositives
    a.falseNegatives -= b.falseNegatives
  }

  /// The denominator is at least 0.5, so the precision without a positive decision is 0.
  var precision: Double {
    Double(truePositives) / max(Double(truePositives + falsePositives), 0.5)
  }
  var recall: Double { Double(truePositives) / max(Double(truePositives + falseNegatives), 0.5) }

  var f1: Double {
    let (p, r) = (precision, recall)
    return p > 0 && r > 0 ? 2 * p * r / (p + r) : 0
  }
}

/// The labels and decisions of a clip within a group.
struct GroupDecision {
  /// The label of each member; nil if it is missing.
  let truth: [Bool?]
  let isUncertain: Bool?
  var decided: [Bool]
  var decidedUncertain = false

  /// The counts of this clip. Each member counts for itself, with these exceptions for X ("other or
  /// unknown"): if X is present, no member is a false positive, and any positive decision is one
  /// true positive unless a member is already one. If the group is absent, deciding X is one false
  /// positive.
  var counts: GroupCounts {
    var counts = GroupCounts()
    let hasX = isUncertain == true
    for (truth, decided) in zip(truth, decided) {
      switch (truth, decided) {
      case (true?, true): counts.truePositives += 1
      case (true?, false): counts.falseNegatives += 1
      case (false?, true): counts.falsePositives += hasX ? 0 : 1
      default: break
      }
    }
    let isPresent = truth.contains { $0 == true }
    let decidesSomething = decidedUncertain || decided.contains(true)
    if hasX {
      if decidesSomething, counts.truePositives == 0 { counts.truePositives = 1 }
      if !decidesSomething, !isPresent { counts.falseNegatives += 1 }
    } else if isUncertain == false, decidedUncertain, !isPresent, decided.contains(false) {
      counts.falsePositives += 1
    }
    return counts
  }
}
