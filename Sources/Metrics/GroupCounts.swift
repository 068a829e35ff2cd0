// Hits, false alarms and misses of one group of tags in one clip.

/// What the evaluation of SONYC-UST counts within a group. Source: Cartwright et al. 2020,
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

  /// 0.5 below: nothing decided gives 0, and nothing else changes.
  var precision: Double {
    Double(truePositives) / max(Double(truePositives + falsePositives), 0.5)
  }
  var recall: Double { Double(truePositives) / max(Double(truePositives + falseNegatives), 0.5) }

  var f1: Double {
    let (p, r) = (precision, recall)
    return p > 0 && r > 0 ? 2 * p * r / (p + r) : 0
  }
}

/// One clip's labels and decisions within a group.
struct GroupDecision {
  /// Of each member: `nil` where not observed.
  let truth: [Bool?]
  let isUncertain: Bool?
  var decided: [Bool]
  var decidedUncertain = false

  /// A member that is right counts for itself. Where X is right no member can be a false alarm,
  /// and any decision is a hit unless an exact one is; X decided where the group is absent is one
  /// false alarm.
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
    let saysSomething = decidedUncertain || decided.contains(true)
    if hasX {
      if saysSomething, counts.truePositives == 0 { counts.truePositives = 1 }
      if !saysSomething, !isPresent { counts.falseNegatives += 1 }
    } else if isUncertain == false, decidedUncertain, !isPresent, decided.contains(false) {
      counts.falsePositives += 1
    }
    return counts
  }
}
